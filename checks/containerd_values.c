// SPDX-License-Identifier: Apache-2.0
/* containerd_values(): where and how a node's containerd is configured (facts B1, B3). */
#include <wasmdiag/text.h>

#include "common.h"

#define K3S_FOLDER "/var/lib/rancher/k3s/agent/etc/containerd"

/* All that is known of the node; each may be NULL. */
struct place {
	const struct host *host;
	const struct node *node;
	bool k3s;
	int64_t version; /* of containerd's schema */
};

static bool is_k3s(const struct place *place)
{
	if (place->host && place->host->containerd.flavor)
		return text_equal(place->host->containerd.flavor, "k3s");
	if (place->host && place->host->k3s.installed)
		return true;
	return !place->node || !place->node->kubelet ||
	       text_has(place->node->kubelet, "+k3s");
}

static int64_t schema_of(const struct place *place)
{
	int64_t version = place->host ? place->host->containerd.version : UNSET;

	if (version >= 1 && version <= 3)
		return version;
	if (place->node && text_starts(place->node->container_runtime, "containerd://2"))
		return 3;
	return 2;
}

static const char *plugin_of(int64_t version)
{
	switch (version) {
	case 1:
		return "cri";
	case 3:
		return "io.containerd.cri.v1.runtime";
	default:
		return "io.containerd.grpc.v1.cri";
	}
}

/* K3s's agents have a unit of their own; a server carries a role label. */
static bool is_agent(const struct place *place)
{
	if (place->host && place->host->k3s.role)
		return text_equal(place->host->k3s.role, "agent");
	if (!place->node)
		return false;
	for (size_t i = 0; i < place->node->label_count; i++)
		if (text_starts(place->node->labels[i].key, "node-role.kubernetes.io/"))
			return false;
	return true;
}

static const char *unit_of(const struct place *place)
{
	if (!place->k3s)
		return "containerd";
	return is_agent(place) ? "k3s-agent" : "k3s";
}

static const char *path_of(const struct place *place)
{
	if (place->host && place->host->containerd.path)
		return place->host->containerd.path;
	return place->k3s ? K3S_FOLDER "/config.toml" : "/etc/containerd/config.toml";
}

static const char *template_of(const struct place *place)
{
	if (!place->k3s)
		return path_of(place);
	if (place->host && place->host->containerd.template)
		return place->host->containerd.template;
	return place->version == 3 ? K3S_FOLDER "/config-v3.toml.tmpl"
				   : K3S_FOLDER "/config.toml.tmpl";
}

static const char *first_line_of(const struct place *place)
{
	if (place->k3s)
		return "{{ template \"base\" . }}";
	return place->version == 3 ? "version = 3" : "version = 2";
}

/* runc's table has what the kubelet's cgroup driver wants. */
static bool uses_systemd(const struct place *place)
{
	const struct runtime_handler *runc =
		place->host ? find_handler(place->host, "runc") : NULL;

	if (runc && runc->systemd_cgroup != ANSWER_UNKNOWN)
		return runc->systemd_cgroup == ANSWER_YES;
	return place->k3s;
}

static struct place find_place(const struct facts *facts, const char *node)
{
	struct place place = {
		.host = find_host(facts, node),
		.node = find_node(facts, node),
	};

	if (!place.host && !place.node && facts->host_count == 1)
		place.host = &facts->hosts[0];
	if (!place.host && !place.node && facts->node_count > 0)
		place.node = &facts->nodes[0];
	place.k3s = is_k3s(&place);
	place.version = schema_of(&place);
	return place;
}

bool node_is_k3s(const struct facts *facts, const char *node)
{
	return find_place(facts, node).k3s;
}

static const char *crun_of(const struct host *host)
{
	for (size_t i = 0; host && i < host->containerd.handler_count; i++)
		if (handler_is_crun(host, &host->containerd.handlers[i]) &&
		    host->containerd.handlers[i].binary)
			return host->containerd.handlers[i].binary;
	for (size_t i = 0; host && i < host->runtime_count; i++)
		if (is_crun_name(host->runtimes[i].path) && host->runtimes[i].exists)
			return host->runtimes[i].path;
	return "/usr/bin/crun";
}

const char *free_handler(const struct facts *facts, const char *node)
{
	const struct host *host = find_place(facts, node).host;

	if (!host || !find_handler(host, "crun-wasm"))
		return "crun-wasm";
	return find_handler(host, "crun-wasmedge") ? "crun-wasm-2" : "crun-wasmedge";
}

void containerd_values(struct finding *finding, const struct facts *facts,
		       const char *node)
{
	struct place place = find_place(facts, node);

	finding_value(finding, "unit", "%s", unit_of(&place));
	finding_value(finding, "path", "%s", path_of(&place));
	finding_value(finding, "template", "%s", template_of(&place));
	finding_value(finding, "first_line", "%s", first_line_of(&place));
	finding_value(finding, "plugin", "%s", plugin_of(place.version));
	finding_value(finding, "systemd_cgroup", "%s",
		      uses_systemd(&place) ? "true" : "false");
	finding_value(finding, "binary", "%s", crun_of(place.host));
}
