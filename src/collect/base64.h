// SPDX-License-Identifier: Apache-2.0
/* Base64 (RFC 4648), as Go's base64.StdEncoding does it. */
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "bytes.h"

/*
 * Decode text: padding is required, CR and LF are skipped, anything else that is not of
 * the alphabet is refused, spaces included.
 */
bool base64_decode(const char *text, struct arena *arena, struct bytes *ret)
	__attribute__((nonnull));

/* Encode on one line, padded. */
char *base64_encode(struct bytes bytes, struct arena *arena)
	__attribute__((nonnull, returns_nonnull));
