// SPDX-License-Identifier: Apache-2.0
#include "pseudonym.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <wasmdiag/text.h>

/* What Kubernetes makes names of (apimachinery pkg/util/rand). */
static const char made_up[] = "bcdfghjklmnpqrstvwxz2456789";

bool pseudonym_key_make(struct pseudonym_key *key)
{
	return getrandom(key->bytes, sizeof(key->bytes), 0) ==
	       (ssize_t)sizeof(key->bytes);
}

static void digest(const struct pseudonym_key *key, const void *bytes, size_t length,
		   unsigned char out[32])
{
	unsigned size = 32;

	HMAC(EVP_sha256(), key->bytes, sizeof(key->bytes), bytes, length, out, &size);
}

/* ---- names ---- */

static bool is_separator(char c)
{
	return c == '\0' || strchr("-./:_@ ", c);
}

/* A ReplicaSet's hash, a pod's or a CronJob's ending: 5, or 8 to 10 of those letters. */
static bool is_made_up(const char *part, size_t length)
{
	if (length != 5 && (length < 8 || length > 10))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!strchr(made_up, part[i]))
			return false;
	return true;
}

static bool stays(const char *part, size_t length)
{
	static const char *const endings[] = { "wasm", "wat", "svc", "local", "cluster" };

	if (length <= 3 && strspn(part, "0123456789") >= length)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (strlen(endings[i]) == length &&
		    strncmp(endings[i], part, length) == 0)
			return true;
	return false;
}

/* The time by which a CronJob names its Jobs: seconds, or minutes from 1.21 on. */
static bool is_time(const char *part, size_t length)
{
	return length >= 8 && length <= 10 && strspn(part, "0123456789") >= length;
}

static void print_part(const struct pseudonym_key *key, const char *part, size_t length,
		       FILE *out)
{
	unsigned char bytes[32];

	if (length == 0 || stays(part, length)) {
		fwrite(part, 1, length, out);
		return;
	}
	digest(key, part, length, bytes);
	if (is_time(part, length)) {
		for (size_t i = 0; i < length; i++)
			fputc('0' + bytes[i] % 10, out);
		return;
	}
	if (!is_made_up(part, length)) {
		fprintf(out, "x%02x%02x%02x", bytes[0], bytes[1], bytes[2]);
		return;
	}
	for (size_t i = 0; i < length; i++)
		fputc(made_up[bytes[i] % (sizeof(made_up) - 1)], out);
}

void pseudonym_name(const struct pseudonym_key *key, const char *name, FILE *out)
{
	for (;;) {
		size_t length = 0;

		while (!is_separator(name[length]))
			length++;
		print_part(key, name, length, out);
		name += length;
		if (!*name)
			return;
		fputc(*name++, out);
	}
}

/* ---- addresses ---- */

/* An odd number made of what stands in front: multiplying by it, modulo a power of two,
 * is one to one and keeps zero. */
static unsigned odd_for(const struct pseudonym_key *key, const unsigned char *front,
			size_t length)
{
	unsigned char bytes[32];

	digest(key, front, length, bytes);
	return (bytes[0] | (unsigned)bytes[1] << 8) | 1;
}

static void map_ipv4(const struct pseudonym_key *key, unsigned char octets[4])
{
	unsigned char original[4];

	if (octets[0] == 0 || octets[0] == 127 || octets[0] >= 224 ||
	    (octets[0] == 169 && octets[1] == 254) ||
	    (octets[0] == 10 && (octets[1] == 42 || octets[1] == 43)))
		return;
	memcpy(original, octets, sizeof(original));
	for (size_t i = 1; i < 3; i++)
		octets[i] = (unsigned char)(octets[i] * odd_for(key, original, i));
}

static void map_ipv6(const struct pseudonym_key *key, unsigned char bytes[16])
{
	unsigned char original[16];

	if ((bytes[0] == 0 && bytes[1] == 0) || (bytes[0] == 0xfe && bytes[1] >= 0x80))
		return;
	memcpy(original, bytes, sizeof(original));
	for (size_t i = 2; i < 16; i += 2) {
		unsigned group = (unsigned)bytes[i] << 8 | bytes[i + 1];

		group *= odd_for(key, original, i);
		bytes[i] = (unsigned char)(group >> 8);
		bytes[i + 1] = (unsigned char)group;
	}
}

/* 02:ab:...: case is kept, as some checks compare it. */
static bool map_mac(const struct pseudonym_key *key, const char *text, char out[64])
{
	unsigned bytes[6];
	unsigned char front[5];
	int taken = 0;

	if (strlen(text) != 17 ||
	    sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &bytes[0], &bytes[1], &bytes[2],
		   &bytes[3], &bytes[4], &bytes[5], &taken) != 6 ||
	    taken != 17)
		return false;
	for (size_t i = 0; i < 5; i++)
		front[i] = (unsigned char)bytes[i];
	for (size_t i = 1; i < 6; i++)
		bytes[i] = bytes[i] * odd_for(key, front, i) & 0xff;
	snprintf(out, 64,
		 strpbrk(text, "ABCDEF") ? "%02X:%02X:%02X:%02X:%02X:%02X"
					 : "%02x:%02x:%02x:%02x:%02x:%02x",
		 bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);
	return true;
}

/* text is one run of hexadecimal digits, dots and colons. */
static bool map_address(const struct pseudonym_key *key, const char *text, char out[64])
{
	unsigned char bytes[16];

	if (inet_pton(AF_INET, text, bytes) == 1) {
		map_ipv4(key, bytes);
		return inet_ntop(AF_INET, bytes, out, 64) != NULL;
	}
	if (map_mac(key, text, out))
		return true;
	if (strchr(text, ':') == strrchr(text, ':') ||
	    inet_pton(AF_INET6, text, bytes) != 1)
		return false;
	map_ipv6(key, bytes);
	return inet_ntop(AF_INET6, bytes, out, 64) != NULL;
}

/* What may stand behind an address: a port, and what ends a sentence. */
static bool is_tail(const char *tail, size_t length)
{
	size_t port = 0;

	if (length > 1 && *tail == ':')
		port = 1 + strspn(tail + 1, "0123456789");
	for (size_t i = port; i < length; i++)
		if (tail[i] != '.' && tail[i] != ':')
			return false;
	return true;
}

static void print_run(const struct pseudonym_key *key, const char *run, size_t length,
		      FILE *out)
{
	char text[64], mapped[64];

	for (size_t shorter = length; shorter >= 2; shorter--) {
		if (shorter >= sizeof(text) || !is_tail(run + shorter, length - shorter))
			continue;
		memcpy(text, run, shorter);
		text[shorter] = '\0';
		if (!map_address(key, text, mapped))
			continue;
		fputs(mapped, out);
		fwrite(run + shorter, 1, length - shorter, out);
		return;
	}
	fwrite(run, 1, length, out);
}

static size_t word_length(const char *text)
{
	size_t length = 0;

	while (isalnum((unsigned char)text[length]) || text[length] == '_' ||
	       text[length] == '-')
		length++;
	return length;
}

void pseudonym_addresses(const struct pseudonym_key *key, const char *text, FILE *out)
{
	while (*text) {
		size_t length = strspn(text, "0123456789abcdefABCDEF.:");
		size_t word = word_length(text + length);

		if (length && word == 0) {
			print_run(key, text, length, out);
		} else {
			/* a word that only begins like an address is none */
			length += word + (length + word == 0);
			fwrite(text, 1, length, out);
		}
		text += length;
	}
}
