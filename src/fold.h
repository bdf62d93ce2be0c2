// SPDX-License-Identifier: Apache-2.0
/* Which finding is the root, and which are its echoes. */
#pragma once

#include "report.h"

/*
 * Fold echoes under their roots: a finding whose guide names another's code (`because`)
 * and shares the values it must share becomes its echo, when the other is at least as
 * severe.  The root takes over the echo's subject and witnesses as its own witnesses.
 */
void fold_echoes(struct report *report) __attribute__((nonnull));

/* The worst first; then in the order of checks, by code and subject; echoes last. */
void sort_findings(struct report *report) __attribute__((nonnull));
