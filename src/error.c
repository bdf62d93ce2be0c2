// SPDX-License-Identifier: Apache-2.0
#include "error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <wasmdiag/text.h>

static void __attribute__((format(printf, 2, 0)))
set_text(struct error *error, const char *format, va_list arguments)
{
	char raw[sizeof(error->text)];

	vsnprintf(raw, sizeof(raw), format, arguments);
	text_escape(raw, strlen(raw), error->text, sizeof(error->text));
}

bool fail(struct error *error, enum error_kind kind, const char *format, ...)
{
	va_list arguments;

	if (!error)
		return false;
	va_start(arguments, format);
	error->kind = kind;
	set_text(error, format, arguments);
	va_end(arguments);
	return false;
}

static enum error_kind kind_of_errno(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return ERROR_ABSENT;
	case EACCES:
	case EPERM:
		return ERROR_DENIED;
	case ETIMEDOUT:
		return ERROR_TIMEOUT;
	case ECONNREFUSED:
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ECONNRESET:
		return ERROR_NETWORK;
	default:
		return ERROR_SYSTEM;
	}
}

bool fail_errno(struct error *error, int number, const char *format, ...)
{
	va_list arguments;
	size_t length;

	if (!error)
		return false;
	va_start(arguments, format);
	error->kind = kind_of_errno(number);
	set_text(error, format, arguments);
	va_end(arguments);
	length = strlen(error->text);
	snprintf(error->text + length, sizeof(error->text) - length, ": %s",
		 strerror(number));
	return false;
}

bool fail_in(struct error *error, const char *format, ...)
{
	char inner[sizeof(error->text)];
	va_list arguments;
	size_t length;

	if (!error)
		return false;
	memcpy(inner, error->text, sizeof(inner));
	va_start(arguments, format);
	set_text(error, format, arguments);
	va_end(arguments);
	length = strlen(error->text);
	snprintf(error->text + length, sizeof(error->text) - length, ": %s", inner);
	return false;
}
