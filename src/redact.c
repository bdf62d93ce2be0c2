// SPDX-License-Identifier: Apache-2.0
#include "redact.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "pseudonym.h"
#include "run.h"
#include "snapshot.h"

#define SHORTEST_NAME 3 /* that is looked for in free text */
#define MADE_NAME     "gatekeeper-"

/* Every name that is replaced, the longest first, with its token. */
struct name {
	const char *name;
	size_t length;
	const char *token;
};

struct redaction {
	struct pseudonym_key key;
	struct arena *arena;
	json_t *tokens; /* name -> token */
	struct name *names;
	size_t name_count;
};

static bool any_starts(const char *text, const char *const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (text_starts(text, *prefixes))
			return true;
	return false;
}

static bool any_equal(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (text_equal(text, *words))
			return true;
	return false;
}

/* clang-format off */
/* Members that hold a name of the user's, wherever they stand. */
static const char *const name_keys[] = {
	"name", "namespace", "namespaces", "pod", "node", "container", "service",
	"service_name", "service_namespace", "target_name", "configuration", "image",
	"program", "module_path", "subject", "volume", "claim", "claim_name",
	"claims", "selected_node",
	"excluded_namespaces", "exempt_namespaces", "host", "node_name", "hostname",
	"constraint", "only_nodes", NULL,
};

/* Lists whose names are the system's: of the kernel, of containerd, of Kubernetes, WASI's. */
static const char *const system_lists[] = {
	"kernel_modules", "sysctls", "links", "units", "handlers", "runtimes",
	"runtime_classes", "api_services", "metrics", "readings", "containerd", "cni", "flannel", "k3s",
	"storage_classes", "ports", "certificates", "imports", "exports", NULL,
};
/* clang-format on */

static bool is_name_key(const char *key)
{
	return any_equal(key, name_keys);
}

static bool is_system_list(const char *key)
{
	return any_equal(key, system_lists);
}

/* What every cluster has says nothing about this one. */
static bool is_common(const char *name)
{
	static const char *const prefixes[] = {
		"kube-",      "coredns", "metrics-server", "local-path",
		"gatekeeper", "svclb-",  "traefik",        "helm-",
		"keda",       "system:", "sha256:",        NULL,
	};
	static const char *const words[] = { "default", "kubernetes", "cluster",
					     "manager", "registry",   "",
					     NULL };

	return any_starts(name, prefixes) || any_equal(name, words) ||
	       text_ends(name, "gatekeeper.sh") || text_ends(name, "k8s.io") ||
	       /* what is no module runs under a name that tells nothing */
	       (*name == '/' && !text_ends(name, ".wasm") && !text_ends(name, ".wat"));
}

/* ---- learning the names ---- */

static const char *token_of(struct redaction *redaction, const char *name)
{
	_cleanup_free_ char *token = NULL;
	size_t size;
	FILE *out = open_memstream(&token, &size);

	if (!out)
		return "***";
	pseudonym_name(&redaction->key, name, out);
	fclose(out);
	return arena_string(redaction->arena, token);
}

static void learn_name(struct redaction *redaction, const char *name)
{
	if (!name || is_common(name) || json_object_get(redaction->tokens, name))
		return;
	json_object_set_new(redaction->tokens, name,
			    json_string(token_of(redaction, name)));
}

/* The host of https://HOST:PORT, unless it is an address. */
static void learn_url(struct redaction *redaction, const char *url)
{
	const char *host = url ? strstr(url, "://") : NULL;
	size_t length;

	if (!host)
		return;
	host += 3;
	length = strcspn(host, ":/?#");
	if (host[strspn(host, "0123456789.")] == ':' || *host == '[')
		return;
	learn_name(redaction, arena_copy(redaction->arena, host, length));
}

static void learn(struct redaction *redaction, const json_t *json, const char *key)
{
	const char *member;
	json_t *value;
	size_t i;

	if (json_is_string(json)) {
		if (is_name_key(key))
			learn_name(redaction, json_string_value(json));
		else if (text_equal(key, "url"))
			learn_url(redaction, json_string_value(json));
		return;
	}
	if (json_is_array(json))
		json_array_foreach((json_t *)json, i, value) learn(redaction, value, key);
	if (json_is_object(json) && !is_system_list(key))
		json_object_foreach((json_t *)json, member, value)
			learn(redaction, value, member);
}

static int compare_longest(const void *left, const void *right)
{
	const struct name *a = left, *b = right;

	if (a->length != b->length)
		return a->length < b->length ? 1 : -1;
	return strcmp(a->name, b->name);
}

/* Names that are words of what our own patterns look for must stay in free text. */
static bool is_pattern_word(const char *name)
{
	for (size_t i = 0; all_checks[i]; i++) {
		const struct guide *const *guide = all_checks[i]->words->guides;

		for (; *guide; guide++)
			for (const char *const *match = (*guide)->match; match && *match;
			     match++)
				if (strcasestr(*match, name))
					return true;
	}
	return false;
}

static void order_names(struct redaction *redaction)
{
	const char *name;
	json_t *token;

	redaction->names =
		arena_array(redaction->arena, json_object_size(redaction->tokens),
			    sizeof(*redaction->names));
	json_object_foreach(redaction->tokens, name, token)
	{
		if (strlen(name) < SHORTEST_NAME || is_pattern_word(name))
			continue;
		redaction->names[redaction->name_count++] =
			(struct name){ name, strlen(name), json_string_value(token) };
	}
	if (redaction->name_count)
		qsort(redaction->names, redaction->name_count, sizeof(struct name),
		      compare_longest);
}

/* ---- replacing them ---- */

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

static bool is_uid(const char *text)
{
	size_t digits = strspn(text, "0123456789abcdef");

	return digits == 8 && text[digits] == '-';
}

/* Behind a name: _NAMESPACE(UID), as the kubelet puts it, _NAMESPACE_UID_0, as containerd
 * does, or what is left of that.  Names themselves have no '_'. */
static bool is_joined(const char *text)
{
	size_t length;

	if (*text != '_')
		return false;
	length = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return is_uid(text + 1) ||
	       ((text[1 + length] == '(' || text[1 + length] == '_') &&
		is_uid(text + 2 + length));
}

static const struct name *name_at(const struct redaction *redaction, const char *text)
{
	for (size_t i = 0; i < redaction->name_count; i++) {
		const struct name *name = &redaction->names[i];

		if (strncmp(text, name->name, name->length) == 0 &&
		    (!is_word(text[name->length]) || is_joined(text + name->length)))
			return name;
	}
	return NULL;
}

static void print_names(const struct redaction *redaction, const char *text, FILE *out)
{
	bool inside = false;

	while (*text) {
		const struct name *name = inside ? NULL : name_at(redaction, text);

		/* Gatekeeper calls what it makes of a policy so (facts D4). */
		if (!inside && !name && text_starts(text, MADE_NAME)) {
			fputs(MADE_NAME, out);
			text += strlen(MADE_NAME);
			continue;
		}
		if (name) {
			fputs(name->token, out);
			text += name->length;
			inside = true;
			if (!is_joined(text))
				continue;
			fputc(*text++, out);
			inside = false;
			continue;
		}
		inside = is_word(*text);
		fputc(*text++, out);
	}
}

/* The text with names and then addresses replaced; to be freed. */
static char *redacted(const struct redaction *redaction, const char *text)
{
	_cleanup_free_ char *named = NULL;
	char *done = NULL;
	size_t size;
	FILE *out = open_memstream(&named, &size);

	if (!out)
		return NULL;
	print_names(redaction, text, out);
	if (fclose(out) != 0)
		return NULL;
	out = open_memstream(&done, &size);
	if (!out)
		return NULL;
	pseudonym_addresses(&redaction->key, named, out);
	return fclose(out) == 0 ? done : NULL;
}

static json_t *replace_text(const struct redaction *redaction, const json_t *json,
			    const char *key)
{
	const char *text = json_string_value(json);
	const char *token = json_string_value(json_object_get(redaction->tokens, text));
	_cleanup_free_ char *done = NULL;

	if (is_name_key(key) && token)
		return json_string(token);
	/* a pod may be called "absent" */
	if (!is_name_key(key) && snapshot_has_word(text))
		return json_string(text);
	done = redacted(redaction, text);
	return json_string(done ? done : "***");
}

/* A copy of the document with everything replaced. */
static json_t *replace(const struct redaction *redaction, const json_t *json,
		       const char *key)
{
	const char *member;
	json_t *value, *copy;
	size_t i;

	if (json_is_string(json))
		return text_equal(key, "schema") || text_equal(key, "tool")
			       ? json_string(json_string_value(json))
			       : replace_text(redaction, json, key);
	if (json_is_array(json)) {
		copy = json_array();
		json_array_foreach((json_t *)json, i, value)
			json_array_append_new(copy, replace(redaction, value, key));
		return copy;
	}
	if (!json_is_object(json))
		return json_deep_copy(json);
	copy = json_object();
	json_object_foreach((json_t *)json, member, value) json_object_set_new(
		copy, member,
		replace(redaction, value, is_system_list(key) ? "" : member));
	return copy;
}

/* ---- is it still the same diagnosis? ---- */

static const char *codes_of(const struct facts *facts, struct arena *arena)
{
	struct report *report = arena_alloc(arena, sizeof(*report));
	const char **codes, *text = "";

	report_make(report, all_checks, facts, arena);
	codes = arena_array(arena, report->finding_count, sizeof(*codes));
	for (size_t i = 0; i < report->finding_count; i++)
		codes[i] = report->findings[i]->guide->code;
	if (report->finding_count)
		qsort(codes, report->finding_count, sizeof(*codes), text_compare);
	for (size_t i = 0; i < report->finding_count; i++)
		text = arena_format(arena, "%s%s%s", text, i ? " " : "", codes[i]);
	return text;
}

static bool redact_facts(const struct facts *facts, struct facts *ret,
			 struct arena *arena, struct error *error)
{
	struct redaction redaction = { .arena = arena };
	json_auto_t *json = snapshot_save(facts), *tokens = json_object(), *done = NULL;
	const char *before, *after;

	redaction.tokens = tokens;
	if (!pseudonym_key_make(&redaction.key))
		return fail(error, ERROR_SYSTEM, "the system gives no random numbers");
	learn(&redaction, json, "");
	order_names(&redaction);
	done = replace(&redaction, json, "");
	if (!snapshot_parse(done, ret, arena, error))
		return false;
	before = codes_of(facts, arena);
	after = codes_of(ret, arena);
	if (text_equal(before, after))
		return true;
	return fail(error, ERROR_FORMAT,
		    "redact: without its names it would be judged differently (%s, not "
		    "%s): nothing is written",
		    after, before);
}

int run_redact(const struct options *options, struct arena *arena)
{
	struct facts facts, redacted_facts;
	struct error error;

	if (options->argument_count < 2) {
		fail(&error, ERROR_USAGE,
		     "redact wants snapshots: wasmdiag redact FILE... -O OUT");
		return report_error(&error);
	}
	if (!load_snapshots(options->arguments + 1, options->argument_count - 1, &facts,
			    arena, &error) ||
	    !redact_facts(&facts, &redacted_facts, arena, &error) ||
	    !snapshot_write(&redacted_facts,
			    options->output_file ? options->output_file : "-", &error))
		return report_error(&error);
	return 0;
}
