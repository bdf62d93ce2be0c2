// SPDX-License-Identifier: Apache-2.0
#include "collect/pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <wasmdiag/text.h>

#include "cleanup.h"

static void cleanup_bio(BIO **bio)
{
	BIO_free(*bio);
}

static void cleanup_certificate(X509 **certificate)
{
	X509_free(*certificate);
}

static void cleanup_key(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

/* There is nobody to ask, and OpenSSL's own would ask the terminal. */
static int no_password(char *buffer, int size, int writing, void *data)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

static X509 *first_certificate(struct bytes bytes)
{
	_cleanup_(cleanup_bio) BIO *bio = BIO_new_mem_buf(bytes.data, (int)bytes.size);

	return bio ? PEM_read_bio_X509(bio, NULL, no_password, NULL) : NULL;
}

static EVP_PKEY *first_key(struct bytes bytes)
{
	_cleanup_(cleanup_bio) BIO *bio = BIO_new_mem_buf(bytes.data, (int)bytes.size);

	return bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
}

bool pem_check_certificates(const char *what, struct bytes bytes, struct error *error)
{
	_cleanup_(cleanup_certificate) X509 *certificate = NULL;

	if (bytes.size > PEM_MAX_BYTES)
		return fail(error, ERROR_LIMIT, "%s is larger than 1 MiB", what);
	certificate = first_certificate(bytes);
	ERR_clear_error();
	return certificate ||
	       fail(error, ERROR_FORMAT, "%s is not a certificate in PEM form", what);
}

bool pem_check_pair(const char *what, struct bytes certificate, struct bytes key,
		    struct error *error)
{
	_cleanup_(cleanup_certificate) X509 *x509 = first_certificate(certificate);
	_cleanup_(cleanup_key) EVP_PKEY *private = NULL;
	bool fits;

	if (key.size > PEM_MAX_BYTES)
		return fail(error, ERROR_LIMIT, "%s is larger than 1 MiB", what);
	private = first_key(key);
	fits = x509 && private && X509_check_private_key(x509, private) == 1;
	ERR_clear_error();
	if (!private && text_has(key.data, "ENCRYPTED"))
		return fail(error, ERROR_FORMAT,
			    "%s is encrypted, which is not supported", what);
	if (!private)
		return fail(error, ERROR_FORMAT, "%s is not a private key in PEM form",
			    what);
	return fits ||
	       fail(error, ERROR_FORMAT, "%s does not belong to the certificate", what);
}
