// SPDX-License-Identifier: Apache-2.0
#include "certificates.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"

#define BUNDLE_LIMIT      64
#define PEM_LIMIT         ((size_t)1 << 20)
#define CERTIFICATE_WORDS "CERTIFICATE"

static void cleanup_bio(BIO **bio)
{
	BIO_free(*bio);
}

static int64_t unix_seconds(const ASN1_TIME *time)
{
	struct tm parts;

	if (!ASN1_TIME_to_tm(time, &parts))
		return UNSET;
	return timegm(&parts);
}

static void note(const X509 *certificate, struct arena *arena, struct certificates *ret)
{
	int64_t before = unix_seconds(X509_get0_notBefore(certificate));
	int64_t after = unix_seconds(X509_get0_notAfter(certificate));

	if (ret->count == 0) {
		char name[256] = "";

		X509_NAME_oneline(X509_get_subject_name(certificate), name, sizeof(name));
		ret->subject = arena_string(arena, name);
		ret->not_before = before;
		ret->not_after = after;
	}
	if (after < ret->not_after)
		ret->not_after = after;
	ret->count++;
}

const char *sha256_hex(const char *bytes, size_t length, struct arena *arena)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	char *hex;

	if (!EVP_Digest(bytes, length, digest, &size, EVP_sha256(), NULL))
		return NULL;
	hex = arena_alloc(arena, size * 2 + 1);
	for (unsigned i = 0; i < size; i++)
		snprintf(hex + (size_t)2 * i, 3, "%02x", digest[i]);
	return hex;
}

void certificates_read(const char *pem, size_t length, struct arena *arena,
		       struct certificates *ret)
{
	_cleanup_(cleanup_bio) BIO *bio = NULL;
	X509 *certificate;

	*ret = (struct certificates){ .count = 0,
				      .not_before = UNSET,
				      .not_after = UNSET };
	if (length > PEM_LIMIT) {
		ret->error = "is larger than 1 MiB";
		return;
	}
	ret->pem = arena_copy(arena, pem, length);
	ret->sha256 = sha256_hex(pem, length, arena);
	bio = BIO_new_mem_buf(pem, (int)length);
	while (bio && ret->count < BUNDLE_LIMIT &&
	       (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
		note(certificate, arena, ret);
		X509_free(certificate);
	}
	if (ret->count == 0)
		ret->error = "holds no certificate in PEM";
	else if (ret->count < BUNDLE_LIMIT &&
		 ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		ret->error = "holds a certificate that cannot be read";
	ERR_clear_error();
}

void certificates_read_base64(const char *text, struct arena *arena,
			      struct certificates *ret)
{
	size_t length = strlen(text);
	unsigned char *bytes;
	int decoded;

	*ret = (struct certificates){ .count = 0,
				      .not_before = UNSET,
				      .not_after = UNSET };
	if (length > PEM_LIMIT) {
		ret->error = "is larger than 1 MiB";
		return;
	}
	bytes = arena_alloc(arena, length / 4 * 3 + 4);
	decoded = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)length);
	if (decoded < 0) {
		ret->error = "is not base64";
		return;
	}
	while (decoded > 0 && length > 0 && text[length - 1] == '=') {
		decoded--;
		length--;
	}
	certificates_read((const char *)bytes, (size_t)decoded, arena, ret);
}
