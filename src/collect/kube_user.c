// SPDX-License-Identifier: Apache-2.0
#include <ctype.h>
#include <string.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/base64.h"
#include "collect/kube_parts.h"
#include "collect/pem.h"
#include "file.h"

#define TOKEN_MAX_BYTES ((size_t)64 << 10)

/* What would end an HTTP header early, or be refused by whoever reads it. */
static bool has_control(const char *text)
{
	for (; *text; text++) {
		if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f)
			return true;
	}
	return false;
}

static bool check_header(const char *what, const char *text, struct error *error)
{
	return !text || !has_control(text) ||
	       fail(error, ERROR_FORMAT, "%s holds a line break or control character",
		    what);
}

static bool set_bearer(const char *what, const char *token, struct arena *arena,
		       struct kube_connection *connection, struct error *error)
{
	if (!check_header(what, token, error))
		return false;
	connection->authorization = arena_format(arena, "Bearer %s", token);
	return true;
}

/* Without the white space around it, as client-go does (token_source.go). */
static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return text + strspn(text, " \t\r\n\v\f");
}

/* *ret is NULL when the user has none, or it cannot be read but there is a token. */
static bool read_token_file(const struct kubeconfig_entry *user, bool has_token,
			    struct arena *scratch, const char **ret, struct error *error)
{
	struct bytes bytes;
	const char *path;

	*ret = NULL;
	if (!entry_path(user, "tokenFile", scratch, &path, error))
		return false;
	if (!path)
		return true;
	if (!file_read(path, TOKEN_MAX_BYTES, scratch, &bytes, error))
		return has_token || fail_in(error, "tokenFile");
	if (strlen(bytes.data) != bytes.size)
		return fail(error, ERROR_FORMAT, "tokenFile %s holds no token", path);
	*ret = trim(bytes.data);
	if (**ret)
		return true;
	*ret = NULL;
	return has_token || fail(error, ERROR_FORMAT, "tokenFile %s is empty", path);
}

static bool apply_token(const struct kube_choice *choice, struct arena *arena,
			struct kube_connection *connection, struct error *error)
{
	_cleanup_(arena_wipe) struct arena scratch = { 0 };
	const char *token, *from_file;

	if (choice->options->token)
		return set_bearer("--token", choice->options->token, arena, connection,
				  error);
	if (!entry_text(&choice->user, "token", &token, error) ||
	    !read_token_file(&choice->user, token, &scratch, &from_file, error))
		return false;
	if (from_file)
		return set_bearer("tokenFile", from_file, arena, connection, error);
	return !token || set_bearer("token", token, arena, connection, error);
}

static bool apply_basic(const struct kube_choice *choice, struct arena *arena,
			struct kube_connection *connection, struct error *error)
{
	_cleanup_(arena_wipe) struct arena scratch = { 0 };
	const struct kubeconfig_entry *user = &choice->user;
	const char *name, *password;
	struct bytes pair;

	if (!entry_text(user, "username", &name, error) ||
	    !entry_text(user, "password", &password, error))
		return false;
	if (!name && !password)
		return true;
	if (connection->authorization)
		return fail(error, ERROR_USAGE,
			    "user \"%s\" of %s has both a token and a password; "
			    "only one is allowed",
			    user->name, user->file->path);
	pair.data = arena_format(&scratch, "%s:%s", text_or_empty(name),
				 text_or_empty(password));
	pair.size = strlen(pair.data);
	connection->authorization =
		arena_format(arena, "Basic %s", base64_encode(pair, &scratch));
	return true;
}

static bool read_pair(const struct kube_choice *choice, struct arena *arena,
		      struct pem_source *certificate, struct pem_source *key,
		      struct error *error)
{
	static const struct pem_keys certificate_keys = { "client-certificate-data",
							  "client-certificate" };
	static const struct pem_keys key_keys = { "client-key-data", "client-key" };
	const struct kube_options *options = choice->options;

	*certificate = *key = (struct pem_source){ 0 };
	if (options->client_certificate ? !kube_read_pem_file(options->client_certificate,
							      arena, certificate, error)
					: !kube_read_pem(&choice->user, certificate_keys,
							 arena, certificate, error))
		return false;
	if (options->client_key)
		return kube_read_pem_file(options->client_key, arena, key, error);
	return kube_read_pem(&choice->user, key_keys, arena, key, error);
}

/* A key without a certificate is ignored, as client-go does. */
static bool apply_certificate(const struct kube_choice *choice, struct arena *arena,
			      struct kube_connection *connection, struct error *error)
{
	struct pem_source certificate, key;
	bool read = read_pair(choice, arena, &certificate, &key, error);

	/* from here on it is kube_connection_wipe() that wipes it */
	connection->client_key = key.bytes;
	if (!read)
		return false;
	if (!certificate.bytes.data) {
		if (key.bytes.data)
			explicit_bzero(key.bytes.data, key.bytes.size);
		connection->client_key = (struct bytes){ 0 };
		return true;
	}
	if (!pem_check_certificates(certificate.what, certificate.bytes, error))
		return false;
	if (!key.bytes.data)
		return fail(
			error, ERROR_USAGE,
			"%s: a client certificate needs its key: set client-key-data, "
			"client-key or --client-key",
			certificate.what);
	connection->client_certificate = certificate.bytes;
	return pem_check_pair(key.what, certificate.bytes, key.bytes, error);
}

static struct bytes keep(struct bytes bytes, struct arena *arena)
{
	return (struct bytes){ arena_copy(arena, bytes.data, bytes.size), bytes.size };
}

/* Only what nothing else gave: "kubectl --token" works where the plugin does not. */
static bool apply_exec(const struct kube_choice *choice, struct arena *arena,
		       struct kube_connection *connection, struct error *error)
{
	_cleanup_(arena_wipe) struct arena scratch = { 0 };
	struct exec_credential credential;

	if (connection->authorization)
		return true;
	if (!exec_plugin_run(choice, connection, &scratch, &credential, error))
		return false;
	if (credential.token && !set_bearer("the exec plugin's token", credential.token,
					    arena, connection, error))
		return false;
	if (!credential.client_key.data || connection->client_key.data)
		return true;
	if (!pem_check_certificates("the exec plugin's client certificate",
				    credential.client_certificate, error) ||
	    !pem_check_pair("the exec plugin's client key", credential.client_certificate,
			    credential.client_key, error))
		return false;
	connection->client_certificate = keep(credential.client_certificate, arena);
	connection->client_key = keep(credential.client_key, arena);
	return true;
}

static bool apply_credentials(const struct kube_choice *choice, struct arena *arena,
			      struct kube_connection *connection, struct error *error)
{
	const struct kubeconfig_entry *user = &choice->user;
	struct kubeconfig_entry provider;

	if (!entry_mapping(user, "auth-provider", &provider, error))
		return false;
	if (provider.file)
		return fail(error, ERROR_USAGE,
			    "%s:%u: auth-provider is not supported (nor by kubectl since "
			    "1.26); use an exec plugin",
			    user->file->path, provider.node->line);
	return apply_token(choice, arena, connection, error) &&
	       apply_basic(choice, arena, connection, error) &&
	       apply_certificate(choice, arena, connection, error) &&
	       apply_exec(choice, arena, connection, error);
}

static bool check_list(const char *what, const struct string_list *list,
		       struct error *error)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!check_header(what, list->items[i], error))
			return false;
	}
	return true;
}

static bool read_extras(const struct kubeconfig_entry *user, struct arena *arena,
			struct kube_impersonation *ret, struct error *error)
{
	struct kubeconfig_entry extras;

	if (!entry_mapping(user, "as-user-extra", &extras, error))
		return false;
	if (!extras.file)
		return true;
	ret->extras = arena_array(arena, extras.node->count, sizeof(*ret->extras));
	for (size_t i = 0; i < extras.node->count; i++) {
		const struct yaml_pair *pair = &extras.node->pairs[i];
		struct kube_extra *extra = &ret->extras[ret->extra_count++];

		extra->key = arena_string(arena, pair->key->text);
		if (!entry_list(extras.file, pair->value, arena, &extra->values, error) ||
		    !check_header("as-user-extra", extra->key, error) ||
		    !check_list("as-user-extra", &extra->values, error))
			return false;
	}
	return true;
}

static struct string_list copy_list(const struct string_list *list, struct arena *arena)
{
	struct string_list copy = {
		.items = arena_array(arena, list->count, sizeof(*copy.items)),
		.count = list->count,
	};

	for (size_t i = 0; i < list->count; i++)
		copy.items[i] = arena_string(arena, list->items[i]);
	return copy;
}

/* --as and --as-group each replace what the file says, the other stays (client-go). */
static bool apply_impersonation(const struct kube_choice *choice, struct arena *arena,
				struct kube_connection *connection, struct error *error)
{
	const struct kube_options *options = choice->options;
	const struct kubeconfig_entry *user = &choice->user;
	struct kube_impersonation *as = &connection->impersonation;
	const char *name, *uid;

	if (!entry_text(user, "as", &name, error) ||
	    !entry_text(user, "as-uid", &uid, error) ||
	    !entry_strings(user, "as-groups", arena, &as->groups, error) ||
	    !read_extras(user, arena, as, error))
		return false;
	as->user = arena_string(arena, options->as ? options->as : name);
	as->uid = arena_string(arena, uid);
	if (options->as_groups.count)
		as->groups = copy_list(&options->as_groups, arena);
	if (!as->user && (as->uid || as->groups.count || as->extra_count))
		return fail(
			error, ERROR_USAGE,
			"impersonating a uid, groups or extras needs a user: add --as");
	return check_header("as", as->user, error) &&
	       check_header("as-uid", as->uid, error) &&
	       check_list("as-groups", &as->groups, error);
}

bool kube_apply_user(const struct kube_choice *choice, struct arena *arena,
		     struct kube_connection *connection, struct error *error)
{
	return apply_impersonation(choice, arena, connection, error) &&
	       (!connection->tls || apply_credentials(choice, arena, connection, error));
}
