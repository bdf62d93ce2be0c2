// SPDX-License-Identifier: Apache-2.0
/* What every unit test includes: cmocka wants these before its own header. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#undef fail /* the name is ours: see error.h; fail_msg() does what it did */
#undef fail_msg
#define fail_msg(...)                                                                    \
	do {                                                                             \
		print_error(__VA_ARGS__);                                                \
		print_error("\n");                                                       \
		_fail(__FILE__, __LINE__);                                               \
	} while (0)
