// SPDX-License-Identifier: Apache-2.0
#include <ctype.h>

#include <wasmdiag/text.h>

#include "collect/host_system.h"
#include "collect/k3s.h"
#include "collect/yaml.h"

#define MAX_WORDS 512
#define MAX_LIST  256

/* K3s takes "a,b" for two. */
static void add_commas(struct arena *arena, struct string_list *list, const char *text)
{
	char *rest = arena_string(arena, text);
	char *item;

	while ((item = strsep(&rest, ",")) && list->count < MAX_LIST) {
		item += strspn(item, " ");
		if (*item)
			host_list_add(arena, list, item);
	}
}

static void apply_disable(struct arena *arena, struct k3s *k3s,
			  const struct yaml_node *node, bool append)
{
	if (!append)
		k3s->disable = (struct string_list){ 0 };
	if (yaml_text(node))
		add_commas(arena, &k3s->disable, yaml_text(node));
	for (size_t i = 0; node->kind == YAML_SEQUENCE && i < node->count; i++)
		if (yaml_text(node->items[i]))
			add_commas(arena, &k3s->disable, yaml_text(node->items[i]));
}

/*
 * Which datastore an option asks for: cluster-init and server (of another one, to join)
 * mean etcd; of an endpoint only its scheme is kept, as the rest holds a password.
 */
static void apply_datastore(struct arena *arena, struct k3s *k3s, const char *key,
			    const char *value)
{
	size_t scheme = strcspn(value, ":");

	if (!text_equal(key, "datastore-endpoint")) {
		if (!k3s->datastore && !text_equal(value, "false"))
			k3s->datastore = "etcd";
	} else if (*value && text_starts(value + scheme, "://")) {
		k3s->datastore = arena_copy(arena, value, scheme);
	} else if (*value) {
		k3s->datastore = "sqlite"; /* kine's default: a file's name */
	}
}

static bool is_about_datastore(const char *key)
{
	return text_equal(key, "datastore-endpoint") || text_equal(key, "cluster-init") ||
	       text_equal(key, "server") || text_equal(key, "s");
}

static void set(struct k3s_secrets *secrets, struct k3s_setting *setting,
		const char *value)
{
	setting->value = arena_string(secrets->arena, value);
	setting->file = secrets->file;
}

/* An option of the way in, by its name in a file or its flag. */
static void apply_secret(struct k3s_secrets *secrets, const char *key, const char *value)
{
	if (!secrets)
		return;
	if (text_equal(key, "server") || text_equal(key, "s"))
		set(secrets, &secrets->server, value);
	else if (text_equal(key, "token") || text_equal(key, "t"))
		set(secrets, &secrets->token, value);
	else if (text_equal(key, "token-file"))
		set(secrets, &secrets->token_file, value);
	else if (text_equal(key, "https-listen-port"))
		set(secrets, &secrets->listen_port, value);
}

static void apply_option(struct arena *arena, struct k3s *k3s, const char *key,
			 const struct yaml_node *value)
{
	const char *text = yaml_text(value);

	if (text_equal(key, "disable") || text_equal(key, "disable+"))
		apply_disable(arena, k3s, value, text_ends(key, "+"));
	else if (!text)
		return;
	else if (text_equal(key, "data-dir"))
		k3s->data_dir = arena_string(arena, text);
	else if (text_equal(key, "node-name"))
		k3s->node_name = arena_string(arena, text);
	else if (text_equal(key, "flannel-backend"))
		k3s->flannel_backend = arena_string(arena, text);
	else if (is_about_datastore(key))
		apply_datastore(arena, k3s, key, text);
}

static void apply_pair(const struct k3s_target *target, const struct yaml_pair *pair)
{
	const char *key = yaml_text(pair->key);
	const char *text = yaml_text(pair->value);

	apply_option(target->arena, target->k3s, key, pair->value);
	if (text)
		apply_secret(target->secrets, key, text);
}

bool k3s_apply_config(const struct k3s_target *target, const char *name,
		      struct bytes bytes, struct error *error)
{
	struct arena scratch = { 0 }; /* the tree, and with it what may be secret */
	const struct yaml_node *tree = NULL;
	bool done = yaml_parse(name, bytes, &scratch, &tree, error);
	bool has_options = done && tree && tree->kind == YAML_MAPPING;

	if (done && tree && !yaml_is_null(tree) && !has_options)
		done = yaml_fail(error, name, tree, "this is no mapping of options");
	for (size_t i = 0; has_options && i < tree->count; i++)
		apply_pair(target, &tree->pairs[i]);
	arena_free(&scratch);
	return done;
}

static void apply_flag(struct arena *arena, struct k3s *k3s, const char *flag,
		       const char *value)
{
	if (text_equal(flag, "disable"))
		add_commas(arena, &k3s->disable, value);
	else if (text_equal(flag, "data-dir") || text_equal(flag, "d"))
		k3s->data_dir = arena_string(arena, value);
	else if (text_equal(flag, "node-name"))
		k3s->node_name = arena_string(arena, value);
	else if (text_equal(flag, "flannel-backend"))
		k3s->flannel_backend = arena_string(arena, value);
	else if (is_about_datastore(flag))
		apply_datastore(arena, k3s, flag, value);
}

static bool is_our_flag(const char *word)
{
	static const char *const flags[] = {
		"disable",
		"data-dir",
		"d",
		"node-name",
		"flannel-backend",
		"cluster-init",
		"datastore-endpoint",
		"server",
		"s",
		"t",
		"token",
		"token-file",
		"https-listen-port",
	};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (text_equal(word, flags[i]))
			return true;
	return false;
}

static void apply_words(const struct k3s_target *target, char **words, size_t count)
{
	struct arena *arena = target->arena;
	struct k3s *k3s = target->k3s;
	bool disables = false;
	const char *flag;
	char *value;

	for (size_t i = 0; i < count; i++) {
		if (i == 1 &&
		    (text_equal(words[i], "server") || text_equal(words[i], "agent")))
			k3s->role = arena_string(arena, words[i]);
		if (*words[i] != '-')
			continue;
		flag = words[i] + strspn(words[i], "-");
		value = strchr(words[i], '=');
		if (value)
			*value++ = '\0';
		if (!is_our_flag(flag))
			continue;
		if (!value && text_equal(flag, "cluster-init"))
			value = "true"; /* the one that needs no value */
		else if (!value && i + 1 < count)
			value = words[++i];
		if (text_equal(flag, "disable") && !disables)
			k3s->disable = (struct string_list){ 0 };
		disables |= text_equal(flag, "disable");
		if (!value)
			continue;
		apply_flag(arena, k3s, flag, value);
		apply_secret(target->secrets, flag, value);
	}
}

/* One word of ExecStart, quotes removed; *at moves behind it.  NULL at the end. */
static char *next_word(char **at)
{
	char *word, *to;
	char quote = '\0';

	*at += strspn(*at, " \t");
	if (!**at)
		return NULL;
	word = to = *at;
	for (; **at && (quote || !isspace((unsigned char)**at)); (*at)++) {
		if (quote ? **at == quote : **at == '"' || **at == '\'')
			quote = quote ? '\0' : **at;
		else
			*to++ = **at;
	}
	if (**at)
		(*at)++;
	*to = '\0';
	return word;
}

/* "\" at the end of a line continues it. */
static void join_lines(char *text)
{
	for (char *c = strstr(text, "\\\n"); c; c = strstr(c, "\\\n"))
		c[0] = c[1] = ' ';
}

void k3s_apply_unit(const struct k3s_target *target, char *text)
{
	static const char key[] = "ExecStart=";
	char *words[MAX_WORDS];
	size_t count;
	char *line;

	join_lines(text);
	while ((line = strsep(&text, "\n"))) {
		line += strspn(line, " \t");
		if (!text_starts(line, key))
			continue;
		line += strlen(key);
		for (count = 0; count < MAX_WORDS && (words[count] = next_word(&line));)
			count++;
		apply_words(target, words, count);
	}
}

/* A variable of the way in.  Go's http package knows proxies in either case. */
static void apply_variable(struct k3s_secrets *secrets, const char *name,
			   const char *value)
{
	if (!secrets)
		return;
	if (text_equal(name, "K3S_URL"))
		set(secrets, &secrets->server, value);
	else if (text_equal(name, "K3S_TOKEN"))
		set(secrets, &secrets->token, value);
	else if (text_equal(name, "K3S_TOKEN_FILE"))
		set(secrets, &secrets->token_file, value);
	else if (text_equal(name, "HTTPS_PROXY") || text_equal(name, "https_proxy"))
		set(secrets, &secrets->https_proxy, value);
	else if (text_equal(name, "NO_PROXY") || text_equal(name, "no_proxy"))
		set(secrets, &secrets->no_proxy, value);
}

void k3s_apply_environment(const struct k3s_target *target, char *text)
{
	struct arena *arena = target->arena;
	struct k3s *k3s = target->k3s;
	char *line, *value;

	while ((line = strsep(&text, "\n"))) {
		value = strchr(line, '=');
		if (!value)
			continue;
		*value++ = '\0';
		value = next_word(&value);
		if (!value)
			continue;
		if (text_equal(line, "K3S_DATA_DIR"))
			k3s->data_dir = arena_string(arena, value);
		else if (text_equal(line, "K3S_NODE_NAME"))
			k3s->node_name = arena_string(arena, value);
		else if (text_equal(line, "K3S_DATASTORE_ENDPOINT"))
			apply_datastore(arena, k3s, "datastore-endpoint", value);
		else if (text_equal(line, "K3S_CLUSTER_INIT") ||
			 text_equal(line, "K3S_URL"))
			apply_datastore(arena, k3s, "server", value);
		apply_variable(target->secrets, line, value);
	}
}
