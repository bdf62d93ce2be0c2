// SPDX-License-Identifier: Apache-2.0
/* systemd's units. */
#pragma once

#include "arena.h"

#include <wasmdiag/host.h>

/*
 * Read what `systemctl show` printed: NAME=VALUE lines, an empty line between units.
 * Units that systemd did not find are left out; at most 32 are kept.  output is taken
 * apart and must live as long as the host.  boot (Unix seconds, UNSET: not known) is when
 * the clock that systemd counts by stood at zero.
 */
void units_parse(struct arena *arena, char *output, int64_t boot, struct host *host)
	__attribute__((nonnull));
