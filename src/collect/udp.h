// SPDX-License-Identifier: Apache-2.0
/* The kernel's UDP counters. */
#pragma once

#include <wasmdiag/host.h>

/*
 * Find InDatagrams and InCsumErrors in the text of /proc/net/snmp: a line of names, then
 * a line of values.  False when they are not there; text is taken apart.  Kernels before
 * 3.10 have no InCsumErrors: it stays UNSET.
 */
bool udp_parse(char *text, struct udp_counters *ret) __attribute__((nonnull));
