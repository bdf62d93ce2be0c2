// SPDX-License-Identifier: Apache-2.0
/* Certificates, read with libcrypto. */
#pragma once

#include <wasmdiag/facts.h>

#include "arena.h"

/*
 * Read a bundle of PEM certificates, at most 64 of them: how many, when the first begins
 * and the soonest ends, whose the first is, and the SHA-256 of the bytes.  What is wrong
 * with it is in ret->error.  ret->pem keeps the bytes.
 */
void certificates_read(const char *pem, size_t length, struct arena *arena,
		       struct certificates *ret) __attribute__((nonnull));

/* The same from base64, as the API's caBundle has it. */
void certificates_read_base64(const char *text, struct arena *arena,
			      struct certificates *ret) __attribute__((nonnull));

/* The SHA-256 of bytes in hex, in the arena; NULL when libcrypto will not. */
const char *sha256_hex(const char *bytes, size_t length, struct arena *arena)
	__attribute__((nonnull));
