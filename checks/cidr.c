// SPDX-License-Identifier: Apache-2.0
#include "cidr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* One to three digits and nothing else. */
static bool parse_length(const char *text, size_t limit, size_t *ret_length)
{
	size_t length = 0, digits;

	for (digits = 0; text[digits] >= '0' && text[digits] <= '9'; digits++) {
		if (digits == 3)
			return false;
		length = length * 10 + (size_t)(text[digits] - '0');
	}
	if (digits == 0 || text[digits] || length > limit)
		return false;
	*ret_length = length;
	return true;
}

bool cidr_parse(const char *text, struct cidr *ret_cidr)
{
	struct cidr cidr = { .size = 4 };
	char address[CIDR_TEXT];
	size_t end;

	if (!text)
		return false;
	end = strcspn(text, "/");
	if (end >= sizeof(address))
		return false;
	memcpy(address, text, end);
	address[end] = '\0';
	if (inet_pton(AF_INET, address, cidr.address) != 1) {
		if (inet_pton(AF_INET6, address, cidr.address) != 1)
			return false;
		cidr.size = 16;
	}
	cidr.length = cidr.size * 8;
	if (text[end] && !parse_length(text + end + 1, cidr.length, &cidr.length))
		return false;
	*ret_cidr = cidr;
	return true;
}

/* The bits of byte i that belong to a prefix of that length. */
static unsigned char mask_of(size_t length, size_t i)
{
	if (length >= (i + 1) * 8)
		return 0xff;
	if (length <= i * 8)
		return 0;
	return (unsigned char)(0xff << ((i + 1) * 8 - length));
}

bool cidr_holds(const struct cidr *outer, const struct cidr *inner)
{
	if (outer->size != inner->size || outer->length > inner->length)
		return false;
	for (size_t i = 0; i < outer->size; i++)
		if ((outer->address[i] ^ inner->address[i]) & mask_of(outer->length, i))
			return false;
	return true;
}

bool cidr_equal(const struct cidr *a, const struct cidr *b)
{
	return a->length == b->length && cidr_holds(a, b);
}

struct cidr cidr_network(const struct cidr *cidr)
{
	struct cidr network = *cidr;

	for (size_t i = 0; i < network.size; i++)
		network.address[i] &= mask_of(network.length, i);
	return network;
}

bool cidr_next(const struct cidr *cidr, struct cidr *ret_next)
{
	struct cidr next = cidr_network(cidr);
	unsigned carry;

	if (next.length == 0)
		return false;
	carry = 1U << (7 - (next.length - 1) % 8);
	for (size_t i = (next.length - 1) / 8 + 1; carry && i > 0; i--) {
		carry += next.address[i - 1];
		next.address[i - 1] = (unsigned char)carry;
		carry >>= 8;
	}
	if (carry)
		return false;
	*ret_next = next;
	return true;
}

const char *cidr_address(const struct cidr *cidr, char *out)
{
	if (!inet_ntop(cidr->size == 4 ? AF_INET : AF_INET6, cidr->address, out,
		       CIDR_TEXT))
		out[0] = '\0';
	return out;
}

const char *cidr_text(const struct cidr *cidr, char *out)
{
	size_t used = strlen(cidr_address(cidr, out));

	snprintf(out + used, CIDR_TEXT - used, "/%zu", cidr->length);
	return out;
}
