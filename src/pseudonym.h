// SPDX-License-Identifier: Apache-2.0
/*
 * Tokens for names and addresses: the same name is the same token for one key, and what
 * the checks read out of names stays: which prefix two share, which part Kubernetes made
 * up, which addresses lie in one network.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct pseudonym_key {
	unsigned char bytes[32];
};

/* A key that nobody can guess; false when the system has no randomness. */
bool pseudonym_key_make(struct pseudonym_key *key) __attribute__((nonnull));

/*
 * Write the token of a name of Kubernetes objects, of an image or of a path, part by
 * part: "web-7d4b9c6f5-x2x9q" keeps three parts, the last two still look made up, and so
 * does the time in the name of a CronJob's Job.  Numbers of up to three digits and a
 * module's ending (.wasm) stay.
 */
void pseudonym_name(const struct pseudonym_key *key, const char *name, FILE *out)
	__attribute__((nonnull));

/*
 * Write text with its IPv4, IPv6 and MAC addresses replaced.  What lies in one network
 * still does, for prefixes of whole octets or groups: kept are the first octet or group,
 * whatever is zero, an IPv4 address's last octet, loopback and link-local addresses, and
 * K3s's default networks for pods and services, which every K3s has.
 */
void pseudonym_addresses(const struct pseudonym_key *key, const char *text, FILE *out)
	__attribute__((nonnull));
