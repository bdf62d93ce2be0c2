// SPDX-License-Identifier: Apache-2.0
/* A root directory and a host for each test of a collector. */
#pragma once

#include <wasmdiag/host.h>

#include "root_test.h"

static struct host host;

static int begin(void **state)
{
	host = (struct host){ 0 };
	return begin_root(state);
}
