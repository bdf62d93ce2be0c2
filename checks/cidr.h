// SPDX-License-Identifier: Apache-2.0
/* Arithmetic on IPv4 and IPv6 prefixes; no I/O. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct cidr {
	unsigned char address[16]; /* network order; host bits kept as written */
	size_t size; /* bytes of address: 4 or 16 */
	size_t length; /* of the prefix, in bits */
};

/* Long enough for any address with its prefix length. */
#define CIDR_TEXT 64

/*
 * Read "10.42.1.1/24", "fd00::/48" or a bare address (then the length is that of the
 * address).  False when text is NULL or no such thing; *ret_cidr is then untouched.
 */
bool cidr_parse(const char *text, struct cidr *ret_cidr) __attribute__((nonnull(2)));

/* The same prefix, host bits aside. */
bool cidr_equal(const struct cidr *a, const struct cidr *b) __attribute__((nonnull));

/* Every address of inner is in outer too; never across families. */
bool cidr_holds(const struct cidr *outer, const struct cidr *inner)
	__attribute__((nonnull));

/* The prefix with its host bits cleared: 10.42.1.1/24 gives 10.42.1.0/24. */
struct cidr cidr_network(const struct cidr *cidr) __attribute__((nonnull));

/* The prefix of the same length behind this one; false when there is none. */
bool cidr_next(const struct cidr *cidr, struct cidr *ret_next) __attribute__((nonnull));

/* The address alone, as text; out holds CIDR_TEXT bytes and is returned. */
const char *cidr_address(const struct cidr *cidr, char *out) __attribute__((nonnull));

/* The address and the length, as text; out holds CIDR_TEXT bytes and is returned. */
const char *cidr_text(const struct cidr *cidr, char *out) __attribute__((nonnull));
