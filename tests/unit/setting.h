// SPDX-License-Identifier: Apache-2.0
/* What a host collector's test stands on: a root of its own, and where facts go. */
#pragma once

#include <string.h>

#include "collect/host.h"
#include "fixture.h"

struct setting {
	struct fixture fixture;
	struct arena arena;
	struct host_context context;
	struct host host;
};

static inline void begin(struct setting *setting)
{
	memset(setting, 0, sizeof(*setting));
	fixture_begin(&setting->fixture);
	setting->context.arena = &setting->arena;
	setting->context.root = setting->fixture.root;
}

static inline void end(struct setting *setting)
{
	fixture_end(&setting->fixture);
	arena_free(&setting->arena);
}
