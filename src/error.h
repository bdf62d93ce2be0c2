// SPDX-License-Identifier: Apache-2.0
/* What went wrong, as a value the caller owns. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>

/* The kinds differ where the user's next step differs. */
enum error_kind {
	ERROR_NONE = 0,
	ERROR_USAGE, /* what the user wrote: options, kubeconfig, config file */
	ERROR_ABSENT, /* it is not there: ENOENT, HTTP 404 */
	ERROR_DENIED, /* it may not be read: EACCES, HTTP 401 or 403 */
	ERROR_NETWORK, /* it could not be reached: DNS, TCP, TLS */
	ERROR_TIMEOUT, /* its deadline passed */
	ERROR_LIMIT, /* it is larger, deeper or longer than we read */
	ERROR_FORMAT, /* it is not what it should be */
	ERROR_SYSTEM, /* anything else the system refused */
};

struct error {
	enum error_kind kind;
	char text[512]; /* one clear sentence without a final full stop */
};

/*
 * Say what went wrong.  Always false, so as to "return fail(...)".  error may be NULL.
 * The text is escaped: nothing from outside can move the terminal's cursor.
 */
bool fail(struct error *error, enum error_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As fail() with the words of errno value number: its kind follows from it. */
bool fail_errno(struct error *error, int number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Put what was being done, and ": ", in front of the text.  Always false. */
bool fail_in(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
