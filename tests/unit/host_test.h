// SPDX-License-Identifier: Apache-2.0
/* A root directory and a host for each test of a collector: for cmocka's setup and
 * teardown. */
#pragma once

#include <wasmdiag/host.h>

#include "arena.h"
#include "fixture.h"

static struct fixture fixture;
static struct arena arena;
static struct host host;

static int begin(void **state)
{
	(void)state;
	fixture_begin(&fixture);
	host = (struct host){ 0 };
	return 0;
}

static int end(void **state)
{
	(void)state;
	fixture_end(&fixture);
	arena_free(&arena);
	return 0;
}
