// SPDX-License-Identifier: Apache-2.0
/* File systems of the node. */
#pragma once

#include <stdbool.h>

/*
 * The mount point and the type in one line of /proc/self/mountinfo (proc(5)); both lie
 * in line, which is taken apart.  False when it is no such line.
 */
bool mountinfo_parse(char *line, const char **ret_point, const char **ret_type)
	__attribute__((nonnull));
