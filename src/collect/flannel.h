// SPDX-License-Identifier: Apache-2.0
/* What flannel was told and what it wrote. */
#pragma once

#include "arena.h"
#include "bytes.h"
#include "error.h"

#include <wasmdiag/host.h>

/* net-conf.json: Network and Backend.Type.  False when it is not JSON, or no object. */
bool flannel_parse_net_conf(struct arena *arena, struct bytes bytes,
			    struct flannel *flannel, struct error *error)
	__attribute__((nonnull(1, 3)));

/*
 * subnet.env: FLANNEL_NETWORK, FLANNEL_SUBNET and FLANNEL_MTU, of lines NAME=VALUE.
 * False when there is no FLANNEL_SUBNET, without which the CNI plugin refuses the file.
 * text is taken apart.
 */
bool flannel_parse_subnet_env(struct arena *arena, char *text, struct flannel *flannel,
			      struct error *error) __attribute__((nonnull(1, 2, 3)));
