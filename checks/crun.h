// SPDX-License-Identifier: Apache-2.0
/* The parts of the check `crun`. */
#pragma once

#include <wasmdiag/report.h>

struct crun_context {
	const struct facts *facts;
	const struct host *host; /* the one being judged; NULL: none */
	struct report *report;
};

/*
 * WD2101, WD2104 and WD2106 by what was said in events, in containers' states and in
 * logs.  A node that was examined answers for its files itself, so there only WD2106
 * counts.  True when anything of the kind was said and still holds.
 */
bool crun_hear_events(const struct crun_context *context) __attribute__((nonnull));
bool crun_hear_pods(const struct crun_context *context) __attribute__((nonnull));
bool crun_hear_logs(const struct crun_context *context) __attribute__((nonnull));

/*
 * {package} and {rpm_package}, where the node's system has them and they put crun where
 * it is looked for (facts A2).  node may be NULL; binary is NULL when only the library is
 * wanted.
 */
void crun_package_values(struct finding *finding, const struct facts *facts,
			 const char *node, const char *binary)
	__attribute__((nonnull(1, 2)));
