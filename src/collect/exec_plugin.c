// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wasmdiag/text.h>

#include "collect/base64.h"
#include "collect/command.h"
#include "collect/kube_parts.h"
#include "collect/yaml_json.h"

#define GROUP      "client.authentication.k8s.io/"
#define EXTENSION  "client.authentication.k8s.io/exec"
#define TIMEOUT_MS 30000
#define MAX_REPLY  ((size_t)1 << 20)

extern char **environ;

struct plugin {
	const struct kubeconfig_entry *exec;
	const char *version; /* apiVersion */
	const char *command; /* as written */
	const char *install_hint;
	struct arena *scratch;
	struct error *error;
};

static bool may_run(const struct plugin *plugin)
{
	const struct kubeconfig_file *file = plugin->exec->file;
	const char *caller = getenv("SUDO_UID");
	char *end;
	unsigned long uid;

	if (geteuid() != 0 || file->owner == 0)
		return true;
	uid = caller ? strtoul(caller, &end, 10) : 0;
	if (caller && *caller && !*end && uid == file->owner)
		return true;
	return fail(plugin->error, ERROR_USAGE,
		    "%s belongs to uid %u: its exec plugin %.64s is not run as root; use "
		    "--token, or a kubeconfig of root or the caller",
		    file->path, (unsigned)file->owner, plugin->command);
}

static bool check_mode(const struct plugin *plugin)
{
	const char *mode;

	if (!entry_text(plugin->exec, "interactiveMode", &mode, plugin->error))
		return false;
	if (!mode && text_equal(plugin->version, GROUP "v1"))
		return yaml_fail(
			plugin->error, plugin->exec->file->path, plugin->exec->node,
			"an exec plugin of " GROUP "v1 needs an interactiveMode");
	if (text_equal(mode, "Always"))
		return fail(
			plugin->error, ERROR_USAGE,
			"the exec plugin %.64s of %s wants to ask on the terminal "
			"(interactiveMode: Always), which it does not get; use --token",
			plugin->command, plugin->exec->file->path);
	return !mode || text_equal(mode, "Never") || text_equal(mode, "IfAvailable") ||
	       yaml_fail(plugin->error, plugin->exec->file->path,
			 yaml_get(plugin->exec->node, "interactiveMode"),
			 "interactiveMode is none of Never, IfAvailable and Always");
}

static bool read_plugin(struct plugin *plugin)
{
	const struct kubeconfig_entry *exec = plugin->exec;

	if (!entry_text(exec, "command", &plugin->command, plugin->error) ||
	    !entry_text(exec, "apiVersion", &plugin->version, plugin->error) ||
	    !entry_text(exec, "installHint", &plugin->install_hint, plugin->error))
		return false;
	if (!plugin->command)
		return yaml_fail(plugin->error, exec->file->path, exec->node,
				 "an exec plugin needs a command");
	if (!text_equal(plugin->version, GROUP "v1") &&
	    !text_equal(plugin->version, GROUP "v1beta1"))
		return yaml_fail(plugin->error, exec->file->path, exec->node,
				 "an exec plugin needs the apiVersion " GROUP
				 "v1 or " GROUP "v1beta1");
	return check_mode(plugin) && may_run(plugin);
}

static bool is_executable(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
	       access(path, X_OK) == 0;
}

static bool not_found(const struct plugin *plugin)
{
	const char *hint = plugin->install_hint;

	return fail(plugin->error, ERROR_USAGE,
		    "no exec plugin %.128s, which %s asks for%s%s", plugin->command,
		    plugin->exec->file->path, hint ? ": " : "", text_or_empty(hint));
}

/* As exec.LookPath: PATH for a bare name, but never the current folder. */
static bool look_up(const struct plugin *plugin, const char **ret)
{
	const char *folder = getenv("PATH");

	if (strchr(plugin->command, '/')) {
		if (!entry_path(plugin->exec, "command", plugin->scratch, ret,
				plugin->error))
			return false;
		return is_executable(*ret) || not_found(plugin);
	}
	for (; folder && *folder; folder += *folder == ':') {
		int length = (int)strcspn(folder, ":");

		if (*folder == '/') {
			*ret = arena_format(plugin->scratch, "%.*s/%s", length, folder,
					    plugin->command);
			if (is_executable(*ret))
				return true;
		}
		folder += length;
	}
	return not_found(plugin);
}

static bool read_arguments(const struct plugin *plugin, struct string_list *ret)
{
	struct string_list arguments;

	if (!entry_strings(plugin->exec, "args", plugin->scratch, &arguments,
			   plugin->error))
		return false;
	ret->items =
		arena_array(plugin->scratch, arguments.count + 2, sizeof(*ret->items));
	ret->count = arguments.count + 1;
	ret->items[0] = plugin->command;
	for (size_t i = 0; i < arguments.count; i++)
		ret->items[i + 1] = arguments.items[i];
	return true;
}

/* The list has room for one more and its NULL. */
static void set_variable(struct string_list *list, const char *variable)
{
	size_t length = strcspn(variable, "=") + 1;

	for (size_t i = 0; i < list->count; i++) {
		if (strncmp(list->items[i], variable, length) == 0) {
			list->items[i] = variable;
			return;
		}
	}
	list->items[list->count++] = variable;
}

static bool set_variables(const struct plugin *plugin, const struct yaml_node *node,
			  struct string_list *list)
{
	for (size_t i = 0; node && i < node->count; i++) {
		const struct kubeconfig_entry entry = { .file = plugin->exec->file,
							.node = node->items[i] };
		const char *name, *value;

		if (!entry_text(&entry, "name", &name, plugin->error) ||
		    !entry_text(&entry, "value", &value, plugin->error))
			return false;
		if (!name || strchr(name, '='))
			return yaml_fail(plugin->error, entry.file->path, entry.node,
					 "a variable needs a name");
		set_variable(list, arena_format(plugin->scratch, "%s=%s", name,
						text_or_empty(value)));
	}
	return true;
}

static bool read_environment(const struct plugin *plugin, const char *info,
			     struct string_list *ret)
{
	const struct yaml_node *node = yaml_get(plugin->exec->node, "env");
	size_t inherited = 0;

	if (yaml_is_null(node))
		node = NULL;
	if (node && node->kind != YAML_SEQUENCE)
		return yaml_fail(plugin->error, plugin->exec->file->path, node,
				 "env is not a list");
	while (environ[inherited])
		inherited++;
	*ret = (struct string_list){ 0 };
	ret->items =
		arena_array(plugin->scratch, inherited + (node ? node->count : 0) + 2,
			    sizeof(*ret->items));
	for (size_t i = 0; i < inherited; i++)
		ret->items[ret->count++] = environ[i];
	if (!set_variables(plugin, node, ret))
		return false;
	set_variable(ret, arena_format(plugin->scratch, "KUBERNETES_EXEC_INFO=%s", info));
	return true;
}

/* What the cluster's extension for exec plugins says; null without it. */
static bool get_config(const struct kubeconfig_entry *cluster, struct error *error,
		       json_t **ret)
{
	const struct yaml_node *list = yaml_get(cluster->node, "extensions");

	*ret = NULL;
	for (size_t i = 0; list && list->kind == YAML_SEQUENCE && i < list->count; i++) {
		if (!text_equal(yaml_text(yaml_get(list->items[i], "name")), EXTENSION))
			continue;
		*ret = yaml_to_json(yaml_get(list->items[i], "extension"));
		return *ret || fail(error, ERROR_LIMIT,
				    "%s: the extension " EXTENSION " is too large",
				    cluster->file->path);
	}
	*ret = json_null();
	return true;
}

static json_t *cluster_info(const struct kube_connection *connection, json_t *config,
			    struct arena *scratch)
{
	json_t *info =
		json_pack("{s:s, s:o}", "server", connection->server, "config", config);

	if (connection->tls_server_name)
		json_object_set_new(info, "tls-server-name",
				    json_string(connection->tls_server_name));
	if (connection->insecure)
		json_object_set_new(info, "insecure-skip-tls-verify", json_true());
	if (connection->ca.data)
		json_object_set_new(info, "certificate-authority-data",
				    json_string(base64_encode(connection->ca, scratch)));
	if (connection->proxy_url)
		json_object_set_new(info, "proxy-url",
				    json_string(connection->proxy_url));
	if (connection->disable_compression)
		json_object_set_new(info, "disable-compression", json_true());
	return info;
}

/* The ExecCredential a plugin gets to read, on one line in the scratch arena. */
static bool exec_info(const struct plugin *plugin, const struct kube_choice *choice,
		      const struct kube_connection *connection, const char **ret)
{
	json_auto_t *info =
		json_pack("{s:s, s:s, s:{s:b}}", "kind", "ExecCredential", "apiVersion",
			  plugin->version, "spec", "interactive", 0);
	json_t *config;
	bool wants_cluster;
	char *text;

	if (!entry_bool(plugin->exec, "provideClusterInfo", &wants_cluster,
			plugin->error))
		return false;
	if (wants_cluster) {
		if (!get_config(&choice->cluster, plugin->error, &config))
			return false;
		json_object_set_new(json_object_get(info, "spec"), "cluster",
				    cluster_info(connection, config, plugin->scratch));
	}
	text = json_dumps(info, JSON_COMPACT);
	if (!text)
		return fail(plugin->error, ERROR_FORMAT, "%s cannot be told to %.64s",
			    plugin->exec->file->path, plugin->command);
	*ret = arena_string(plugin->scratch, text);
	free(text);
	return true;
}

static bool bad_reply(const struct plugin *plugin, const char *what)
{
	return fail(plugin->error, ERROR_FORMAT, "the exec plugin %.64s %s",
		    plugin->command, what);
}

/* A text of the reply, moved to the scratch arena: jansson's copy is wiped. */
static struct bytes take_text(const struct plugin *plugin, json_t *object,
			      const char *key)
{
	json_t *value = json_object_get(object, key);
	size_t size = json_string_length(value);
	struct bytes bytes = { 0 };

	if (size == 0)
		return bytes;
	bytes.data = arena_copy(plugin->scratch, json_string_value(value), size);
	bytes.size = size;
	explicit_bzero((char *)json_string_value(value), size);
	return bytes;
}

static bool read_reply(const struct plugin *plugin, struct bytes reply,
		       struct exec_credential *ret)
{
	json_auto_t *root = json_loadb(reply.data, reply.size, 0, NULL);
	json_t *status = json_object_get(root, "status");
	const char *kind = json_string_value(json_object_get(root, "kind"));
	const char *version = json_string_value(json_object_get(root, "apiVersion"));

	ret->token = take_text(plugin, status, "token").data;
	ret->client_certificate = take_text(plugin, status, "clientCertificateData");
	ret->client_key = take_text(plugin, status, "clientKeyData");
	if (!root || !text_equal(kind, "ExecCredential"))
		return bad_reply(plugin, "did not answer with an ExecCredential in JSON");
	if (!text_equal(version, plugin->version))
		return bad_reply(plugin, "answered in another apiVersion than the "
					 "kubeconfig asks for");
	if (!json_is_object(status))
		return bad_reply(plugin, "answered without a status");
	if (!ret->client_certificate.data != !ret->client_key.data)
		return bad_reply(plugin,
				 "answered with a certificate or a key, not both");
	return ret->token || ret->client_key.data ||
	       bad_reply(plugin, "answered with neither a token nor a certificate");
}

static bool run(const struct plugin *plugin, const char *info,
		struct exec_credential *ret)
{
	struct string_list arguments = { 0 }, environment = { 0 };
	struct command_result result;
	struct command command = { .timeout_ms = TIMEOUT_MS, .output_limit = MAX_REPLY };

	if (!look_up(plugin, &command.path) || !read_arguments(plugin, &arguments) ||
	    !read_environment(plugin, info, &environment))
		return false;
	command.argv = arguments.items;
	command.environment = environment.items;
	if (!command_run(&command, plugin->scratch, &result, plugin->error) ||
	    !command_succeeded(&command, &result, plugin->error))
		return fail_in(plugin->error, "exec plugin of %s",
			       plugin->exec->file->path);
	return read_reply(plugin, result.out, ret);
}

bool exec_plugin_run(const struct kube_choice *choice,
		     const struct kube_connection *connection, struct arena *scratch,
		     struct exec_credential *ret, struct error *error)
{
	struct kubeconfig_entry exec;
	struct plugin plugin = { .exec = &exec, .scratch = scratch, .error = error };
	const char *info = NULL;

	*ret = (struct exec_credential){ 0 };
	if (!entry_mapping(&choice->user, "exec", &exec, error))
		return false;
	if (!exec.file)
		return true;
	return read_plugin(&plugin) && exec_info(&plugin, choice, connection, &info) &&
	       run(&plugin, info, ret);
}
