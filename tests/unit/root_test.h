// SPDX-License-Identifier: Apache-2.0
/* A root directory and an arena for each test: for cmocka's setup and teardown. */
#pragma once

#include "arena.h"
#include "fixture.h"

static struct fixture fixture;
static struct arena arena;

static int begin_root(void **state)
{
	(void)state;
	fixture_begin(&fixture);
	return 0;
}

static int end(void **state)
{
	(void)state;
	fixture_end(&fixture);
	arena_free(&arena);
	return 0;
}
