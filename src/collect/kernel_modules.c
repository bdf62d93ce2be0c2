// SPDX-License-Identifier: Apache-2.0
#include "collect/kernel_modules.h"

#include <libkmod.h>
#include <sys/utsname.h>
#include <syslog.h>

#include <wasmdiag/text.h>

#include "cleanup.h"
#include "collect/chase.h"
#include "collect/host_system.h"
#include "collect/kernel_config.h"

#define LIST_LIMIT ((size_t)1 << 20)

static void close_kmod(struct kmod_ctx **kmod)
{
	if (*kmod)
		kmod_unref(*kmod);
}

static void close_module(struct kmod_module **module)
{
	if (*module)
		kmod_module_unref(*module);
}

static void close_module_list(struct kmod_list **list)
{
	if (*list)
		kmod_module_unref_list(*list);
}

/* The kernel takes '-' and '_' for the same; name ends where length says. */
static bool same_module(const char *text, size_t length, const char *name)
{
	if (length != strlen(name))
		return false;
	for (size_t i = 0; i < length; i++)
		if ((text[i] == '-' ? '_' : text[i]) != (name[i] == '-' ? '_' : name[i]))
			return false;
	return true;
}

/* A line of the file whose first word is name; of a path, the name of the file. */
static bool list_has(struct host_context *context, const char *path, const char *name)
{
	struct bytes bytes = { 0 };
	const char *line, *slash, *word;
	size_t length;

	if (!host_read(context, path, LIST_LIMIT, &bytes, NULL) || !bytes.data)
		return false;
	for (line = bytes.data; *line; line += length + (line[length] == '\n')) {
		length = strcspn(line, "\n");
		word = line;
		slash = memrchr(line, '/', length);
		if (slash)
			word = slash + 1;
		if (same_module(word, strcspn(word, " \n."), name))
			return true;
	}
	return false;
}

static bool has_link(const struct host *host, const char *kind)
{
	for (size_t i = 0; i < host->link_count; i++)
		if (text_equal(host->links[i].kind, kind))
			return true;
	return false;
}

/* "nodev\toverlay": the last word of a line of /proc/filesystems. */
static bool has_filesystem(struct host_context *context, const char *type)
{
	char *text = host_text(context, "/proc/filesystems", NULL);
	char *line, *word;

	while (text && (line = strsep(&text, "\n"))) {
		word = strrchr(line, '\t');
		if (text_equal(word ? word + 1 : line, type))
			return true;
	}
	return false;
}

/* What works must be there; what says so, or NULL. */
static const char *functional_evidence(struct host_context *context,
				       const struct host *host, const char *name)
{
	static const struct {
		const char *module;
		const char *path;
	} traces[] = {
		{ "br_netfilter", "/proc/sys/net/bridge/bridge-nf-call-iptables" },
		{ "nf_conntrack", "/proc/sys/net/netfilter/nf_conntrack_max" },
		{ "nf_conntrack", "/proc/net/nf_conntrack" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(traces); i++)
		if (text_equal(traces[i].module, name) &&
		    host_exists(context, traces[i].path))
			return traces[i].path;
	if (has_filesystem(context, name))
		return "/proc/filesystems";
	if (has_link(host, name))
		return "a link of that kind";
	return NULL;
}

static struct kmod_ctx *open_kmod(struct host_context *context, const char *folder)
{
	const char *const configs[] = {
		host_path(context, "/etc/modprobe.d"),
		host_path(context, "/run/modprobe.d"),
		host_path(context, "/usr/local/lib/modprobe.d"),
		host_path(context, "/usr/lib/modprobe.d"),
		host_path(context, "/lib/modprobe.d"),
		NULL,
	};
	struct kmod_ctx *kmod = kmod_new(folder, configs);

	if (kmod)
		kmod_set_log_priority(kmod, LOG_EMERG); /* else it writes to stderr */
	return kmod;
}

/* The rule of modprobe.d that keeps it from being loaded. */
static const char *blocking_rule(struct host_context *context, struct kmod_ctx *kmod,
				 const struct kmod_module *module)
{
	const char *install = kmod_module_get_install_commands(module);
	const char *name = kmod_module_get_name(module);
	const char *rule = NULL;
	struct kmod_config_iter *iter;

	if (text_ends(install, "/false") || text_ends(install, "/true"))
		return arena_format(context->arena, "install %s %s", name, install);
	iter = kmod_config_get_blacklists(kmod);
	while (iter && !rule && kmod_config_iter_next(iter))
		if (same_module(kmod_config_iter_get_key(iter),
				strlen(kmod_config_iter_get_key(iter)), name))
			rule = arena_format(context->arena, "blacklist %s", name);
	if (iter)
		kmod_config_iter_free_iter(iter);
	return rule;
}

/* Steps 5 to 7: what modprobe would find. */
static void look_up(struct host_context *context, const char *release,
		    struct kernel_module *module)
{
	const char *folder = arena_format(context->arena, "/lib/modules/%s", release);
	_cleanup_(close_kmod) struct kmod_ctx *kmod = NULL;
	_cleanup_(close_module) struct kmod_module *found = NULL;
	_cleanup_(close_module_list) struct kmod_list *list = NULL;

	if (!host_exists(context,
			 arena_format(context->arena, "%s/modules.dep.bin", folder))) {
		module->evidence =
			arena_format(context->arena, "no index of modules in %s", folder);
		return;
	}
	module->evidence = arena_format(context->arena, "%s/modules.dep.bin", folder);
	module->state = MODULE_MISSING;
	kmod = open_kmod(context, host_path(context, folder));
	if (!kmod || kmod_module_new_from_lookup(kmod, module->name, &list) < 0) {
		module->state = MODULE_UNKNOWN;
		return;
	}
	found = list ? kmod_module_get_module(list) : NULL;
	if (!found)
		return;
	if (!kmod_module_get_path(found)) {
		module->state = MODULE_BUILTIN;
		module->evidence =
			arena_format(context->arena, "%s/modules.builtin.bin", folder);
	} else if (access(kmod_module_get_path(found), F_OK) == 0) {
		module->state = MODULE_AVAILABLE;
		module->evidence =
			arena_format(context->arena, "%s",
				     kmod_module_get_path(found) + strlen(context->root));
		module->blocked = blocking_rule(context, kmod, found);
	}
}

struct kernel_module find_module(struct host_context *context, const struct host *host,
				 const char *release, const char *name)
{
	const char *folder = arena_format(context->arena, "/sys/module/%s", name);
	const char *state = arena_format(context->arena, "%s/initstate", folder);
	const char *builtin =
		arena_format(context->arena, "/lib/modules/%s/modules.builtin", release);
	struct kernel_module module = { .name = name, .state = MODULE_BUILTIN };

	if (list_has(context, "/proc/modules", name)) {
		module.state = MODULE_LOADED;
		module.evidence = "/proc/modules";
	} else if (host_exists(context, state)) {
		module.state = MODULE_LOADED;
		module.evidence = state;
	} else if (host_exists(context, folder)) {
		module.evidence = folder;
	} else if (list_has(context, builtin, name)) {
		module.evidence = builtin;
	} else {
		module.evidence = functional_evidence(context, host, name);
	}
	if (!module.evidence && kernel_config_has(context, name))
		module.evidence = "/proc/config.gz";
	if (!module.evidence) {
		module.state = MODULE_UNKNOWN;
		look_up(context, release, &module);
	}
	return module;
}

void collect_kernel_modules(struct host_context *context, struct host *host)
{
	static const char *const names[] = { "vxlan", "br_netfilter", "overlay",
					     "nf_conntrack", "wireguard" };
	struct source *source = &host->source[HOST_KERNEL_MODULES];
	struct utsname system;

	if (uname(&system) != 0) {
		host_fact_set(context, source, FACT_FAILED,
			      "the kernel does not tell its release");
		return;
	}
	host->kernel_modules = arena_array(context->arena, ARRAY_SIZE(names),
					   sizeof(*host->kernel_modules));
	host->kernel_module_count = ARRAY_SIZE(names);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		host->kernel_modules[i] =
			find_module(context, host, system.release, names[i]);
	host_fact_set(context, source, FACT_KNOWN, NULL);
}
