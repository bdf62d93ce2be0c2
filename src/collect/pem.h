// SPDX-License-Identifier: Apache-2.0
/* Is it PEM, and does it fit together?  Asked before libcurl gets it: its answers to a
 * bad key are an error 58 without a name, or a crash (facts: ecosystem 1). */
#pragma once

#include <stdbool.h>

#include "bytes.h"
#include "error.h"

#define PEM_MAX_BYTES ((size_t)1 << 20)

/* bytes holds at least one certificate that parses.  what names them in the error. */
bool pem_check_certificates(const char *what, struct bytes bytes, struct error *error)
	__attribute__((nonnull(1)));

/* key holds an unencrypted private key, and it is that of the first certificate. */
bool pem_check_pair(const char *what, struct bytes certificate, struct bytes key,
		    struct error *error) __attribute__((nonnull(1)));
