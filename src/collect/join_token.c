// SPDX-License-Identifier: Apache-2.0
/* K3s's join tokens, as pkg/clientaccess/token.go reads them. */
#include <ctype.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <wasmdiag/text.h>

#include "certificates.h"
#include "cleanup.h"
#include "collect/base64.h"
#include "collect/join.h"

#define PREFIX       "K10"
#define HASH_LENGTH  64
#define BUNDLE_LIMIT 64

/* kubeadm's: [a-z0-9]{6}.[a-z0-9]{16} */
static bool is_bootstrap(const char *text)
{
	if (strlen(text) != 23 || text[6] != '.')
		return false;
	for (size_t i = 0; i < 23; i++)
		if (i != 6 && !islower((unsigned char)text[i]) &&
		    !isdigit((unsigned char)text[i]))
			return false;
	return true;
}

static const char *basic(const char *role, const char *secret, struct arena *arena)
{
	char *pair = arena_format(arena, "%s:%s",
				  text_equal(role, "agent") ? "node" : "server", secret);

	return arena_format(arena, "Basic %s",
			    base64_encode((struct bytes){ pair, strlen(pair) }, arena));
}

/* What stands behind the hash: "user:secret" or a bootstrap token. */
static bool read_credentials(const char *text, const char *role, struct arena *arena,
			     struct join_token *ret)
{
	const char *colon = strchr(text, ':');

	if (is_bootstrap(text))
		ret->authorization = arena_format(arena, "Bearer %s", text);
	else if (colon && colon[1])
		ret->authorization = basic(role, colon + 1, arena);
	return ret->authorization != NULL;
}

static void read_full(const char *text, const char *role, struct arena *arena,
		      struct join_token *ret)
{
	const char *rest = strstr(text, "::");
	size_t length = rest ? (size_t)(rest - text) : 0;

	if ((length != 0 && length != HASH_LENGTH) ||
	    !read_credentials(rest ? rest + 2 : text, role, arena, ret))
		return;
	ret->form = length ? TOKEN_FULL : TOKEN_SHORT;
	if (length)
		ret->ca_hash = arena_copy(arena, text, length);
}

void join_token_parse(const char *text, const char *role, struct arena *arena,
		      struct join_token *ret)
{
	*ret = (struct join_token){ .form = TOKEN_MALFORMED };
	if (!*text)
		return;
	if (text_starts(text, PREFIX)) {
		read_full(text + strlen(PREFIX), role, arena, ret);
		return;
	}
	ret->form = TOKEN_SHORT;
	ret->authorization = is_bootstrap(text) ? arena_format(arena, "Bearer %s", text)
						: basic(role, text, arena);
}

/* ---- the hash of a CA ---- */

static void cleanup_bio(BIO **bio)
{
	BIO_free(*bio);
}

static void cleanup_stack(STACK_OF(X509) * *stack)
{
	sk_X509_pop_free(*stack, X509_free);
}

static void cleanup_store(X509_STORE **store)
{
	X509_STORE_free(*store);
}

static void cleanup_context(X509_STORE_CTX **context)
{
	X509_STORE_CTX_free(*context);
}

static STACK_OF(X509) * read_bundle(struct bytes bundle)
{
	_cleanup_(cleanup_bio) BIO *bio = BIO_new_mem_buf(bundle.data, (int)bundle.size);
	STACK_OF(X509) *stack = sk_X509_new_null();
	X509 *certificate;

	while (bio && stack && sk_X509_num(stack) < BUNDLE_LIMIT &&
	       (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
		if (!sk_X509_push(stack, certificate))
			X509_free(certificate);
	ERR_clear_error();
	return stack;
}

/* Go calls root what names no other as its issuer's key. */
static bool is_root(X509 *certificate)
{
	const ASN1_OCTET_STRING *issuer = X509_get0_authority_key_id(certificate);
	const ASN1_OCTET_STRING *own = X509_get0_subject_key_id(certificate);

	return !issuer || (own && ASN1_OCTET_STRING_cmp(issuer, own) == 0);
}

static const char *der_hash(const X509 *certificate, struct arena *arena)
{
	unsigned char *der = NULL;
	int length = i2d_X509(certificate, &der);
	const char *hash =
		length > 0 ? sha256_hex((const char *)der, (size_t)length, arena) : NULL;

	OPENSSL_free(der);
	return hash;
}

/* The hash of the root that the first of the stack leads to; NULL when to none. */
static const char *root_hash(STACK_OF(X509) * stack, struct arena *arena)
{
	_cleanup_(cleanup_store) X509_STORE *store = X509_STORE_new();
	_cleanup_(cleanup_context) X509_STORE_CTX *context = X509_STORE_CTX_new();
	STACK_OF(X509) * chain;
	const char *hash = NULL;

	for (int i = 1; store && i < sk_X509_num(stack); i++)
		if (is_root(sk_X509_value(stack, i)))
			X509_STORE_add_cert(store, sk_X509_value(stack, i));
	if (store && context &&
	    X509_STORE_CTX_init(context, store, sk_X509_value(stack, 0), stack)) {
		/* Go ends a chain at any certificate it was given as a root */
		X509_STORE_CTX_set_flags(context, X509_V_FLAG_PARTIAL_CHAIN);
		if (X509_verify_cert(context) == 1) {
			chain = X509_STORE_CTX_get0_chain(context);
			hash = der_hash(sk_X509_value(chain, sk_X509_num(chain) - 1),
					arena);
		}
	}
	ERR_clear_error();
	return hash;
}

const char *join_ca_hash(struct bytes bundle, struct arena *arena)
{
	_cleanup_(cleanup_stack) STACK_OF(X509) *stack = NULL;
	const char *hash = NULL;

	if (!bundle.data || bundle.size > (size_t)1 << 20)
		return NULL;
	stack = read_bundle(bundle);
	if (!stack || sk_X509_num(stack) == 0)
		return NULL;
	if (sk_X509_num(stack) > 1)
		hash = root_hash(stack, arena);
	return hash ? hash : sha256_hex(bundle.data, bundle.size, arena);
}
