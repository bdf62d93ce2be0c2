// SPDX-License-Identifier: Apache-2.0
/* That nothing was said is a fact too.  The conventions are those of facts.h. */
#pragma once

#include <stdint.h>

/* The log of a container's newest instance, empty: it wrote nothing at all. */
struct silent_log {
	const char *namespace;
	const char *pod;
	const char *pod_uid; /* NULL: not known */
	const char *container;
	int64_t restart;
	int64_t since; /* when that instance began */
};
