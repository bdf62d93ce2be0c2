// SPDX-License-Identifier: Apache-2.0
/* What any pod network asks of the node: modules, sysctls, CNI files. */
#include "flannel.h"

#include <wasmdiag/text.h>

#include "flannel.words.h"

#define IP_FORWARD  "net.ipv4.ip_forward"
#define BRIDGE_CALL "net.bridge.bridge-nf-call-iptables"

/* ---- 3407: modules ---- */

static bool has_kind(const struct host *host, const char *kind)
{
	for (size_t i = 0; i < host->link_count; i++)
		if (text_equal(host->links[i].kind, kind))
			return true;
	return false;
}

/*
 * Something that only this module makes is there, whatever the indexes of modules say: a
 * kernel in a container, or one with everything built in, has none (facts A6).
 */
static bool is_at_work(const struct host *host, const char *module)
{
	if (text_equal(module, "br_netfilter"))
		return find_sysctl(host, BRIDGE_CALL);
	if (text_equal(module, "nf_conntrack"))
		return find_sysctl(host, "net.netfilter.nf_conntrack_max");
	return has_kind(host, module);
}

/* Pods have been connected here: until then a bridge CNI asks nothing of the kernel. */
static bool has_pods(const struct host *host)
{
	return find_link(host, "cni0") || has_kind(host, "veth");
}

static bool is_known_absent(const struct host *host, const char *name)
{
	for (size_t i = 0; i < host->sysctl_count; i++)
		if (text_equal(host->sysctls[i].name, name))
			return !host->sysctls[i].value;
	return false;
}

/* Others are loaded when first used; nothing asks for br_netfilter. */
static bool is_unloaded(const struct host *host, const struct kernel_module *module)
{
	return module->state == MODULE_AVAILABLE &&
	       text_equal(module->name, "br_netfilter") &&
	       is_known_absent(host, BRIDGE_CALL) && has_pods(host);
}

static void lacks_module(const struct pod_network *network,
			 const struct kernel_module *module, struct report *report)
{
	struct finding *finding =
		report_finding(report, &WD3407, flannel_subject(network));

	finding_value(finding, "module", "%s", module->name);
	finding_saw(finding, module->name,
		    module->blocked                     ? module->blocked
		    : module->state == MODULE_AVAILABLE ? "not loaded"
							: "missing",
		    "loaded", module->evidence);
	if (module->blocked)
		finding_value(finding, "rules", "%s", module->blocked);
	else if (module->state == MODULE_AVAILABLE)
		finding_value(finding, "name", "%s", module->name);
	else if (network->host->kernel)
		finding_value(finding, "version", "%s", network->host->kernel);
	if (network->device_name[0] && !network->device)
		flannel_restart(network, finding);
}

static void judge_module(const struct pod_network *network, const char *name,
			 struct report *report)
{
	const struct host *host = network->host;
	const struct kernel_module *module = find_kernel_module(host, name);

	if (!module || is_at_work(host, name))
		return;
	switch (module->state) {
	case MODULE_MISSING:
		lacks_module(network, module, report);
		break;
	case MODULE_AVAILABLE:
		if (module->blocked || is_unloaded(host, module))
			lacks_module(network, module, report);
		break;
	case MODULE_UNKNOWN:
		report_unknown(report, &flannel_no_module_index, name);
		break;
	default:
		break;
	}
}

static bool mounts_overlays(const struct host *host)
{
	return !host->containerd.snapshotter ||
	       text_equal(host->containerd.snapshotter, "overlayfs");
}

static void judge_modules(const struct pod_network *network, bool in_use,
			  struct report *report)
{
	/* First what the device needs: then 3401 names it as its root. */
	if (in_use && network->backend == BACKEND_VXLAN)
		judge_module(network, "vxlan", report);
	if (in_use && network->backend == BACKEND_WIREGUARD)
		judge_module(network, "wireguard", report);
	judge_module(network, "br_netfilter", report);
	judge_module(network, "nf_conntrack", report);
	if (mounts_overlays(network->host))
		judge_module(network, "overlay", report);
}

/* ---- 3408: sysctls ---- */

/* Each sysctl gives a value of its own, and with it a fix of its own. */
static struct finding *bad_sysctl(const struct pod_network *network, const char *key,
				  const char *name, struct report *report)
{
	struct finding *finding =
		report_finding(report, &WD3408, flannel_subject(network));

	finding_value(finding, key, "%s", name);
	finding_saw(finding, name, find_sysctl(network->host, name), "1", "sysctl");
	return finding;
}

/* Something here turns service addresses into pods' with iptables. */
static bool has_kube_proxy(const struct pod_network *network)
{
	const struct facts *facts = network->facts;

	if (network->host->k3s.installed)
		return true;
	for (size_t i = 0; i < facts->pod_count; i++) {
		const struct pod *pod = &facts->pods[i];

		if (text_equal(label_value(pod->labels, pod->label_count, "k8s-app"),
			       "kube-proxy"))
			return true;
	}
	return false;
}

/*
 * The bridge plugin turns ip_forward on with the first pod, K3s when it starts: off
 * before that is no fault.
 */
static void judge_sysctls(const struct pod_network *network, bool in_use,
			  struct report *report)
{
	const struct host *host = network->host;
	struct finding *finding;

	if (text_equal(find_sysctl(host, BRIDGE_CALL), "0")) {
		finding = bad_sysctl(network, "key", BRIDGE_CALL, report);
		if (!in_use && !has_kube_proxy(network))
			finding_severity(finding, SEVERITY_WARN);
	}
	if (text_equal(find_sysctl(host, IP_FORWARD), "0") &&
	    (in_use || has_pods(host))) {
		finding = bad_sysctl(network, "sysctl", IP_FORWARD, report);
		finding_severity(finding, SEVERITY_FAIL);
	}
}

void flannel_judge_kernel(const struct pod_network *network, bool in_use,
			  struct report *report)
{
	const struct host *host = network->host;

	if (!in_use && !host->cni.config)
		return;
	if (report_knows_host(report, host, HOST_KERNEL_MODULES))
		judge_modules(network, in_use, report);
	if (report_knows_host(report, host, HOST_SYSCTLS))
		judge_sysctls(network, in_use, report);
}

/* ---- 3410: CNI ---- */

static struct finding *bad_cni(const struct pod_network *network, struct report *report)
{
	const struct cni *cni = &network->host->cni;
	struct finding *finding =
		report_finding(report, &WD3410, flannel_subject(network));

	if (cni->directory)
		finding_value(finding, "path", "%s", cni->directory);
	return finding;
}

static void lacks_plugin(const struct pod_network *network, const char *plugin,
			 struct report *report)
{
	const struct cni *cni = &network->host->cni;
	struct finding *finding = bad_cni(network, report);
	const char *unit = flannel_k3s_unit(network->host);

	finding_saw(finding, plugin, "missing",
		    cni->binaries ? report_text(report, "%s/%s", cni->binaries, plugin)
				  : NULL,
		    cni->config);
	if (unit && network->host->k3s.data_dir) {
		finding_value(finding, "data_dir", "%s", network->host->k3s.data_dir);
		finding_value(finding, "unit", "%s", unit);
	} else if (text_equal(plugin, "flannel")) {
		flannel_restart(network, finding);
	} else {
		finding_value(finding, "plugin", "%s", plugin);
		finding_value(finding, "package", "containernetworking-plugins");
		if (cni->binaries && !text_equal(cni->binaries, "/usr/lib/cni"))
			finding_value(finding, "binary", "%s/%s", cni->binaries, plugin);
	}
}

static void lacks_config(const struct pod_network *network, const char *what,
			 struct report *report)
{
	const struct host *host = network->host;
	const struct cni *cni = &host->cni;
	const char *unit = flannel_k3s_unit(host);
	struct finding *finding = bad_cni(network, report);

	finding_saw(finding, cni->config ? cni->config : "*.conflist", what, NULL,
		    cni->directory);
	if (unit && !text_equal(host->k3s.flannel_backend, "none")) {
		finding_value(finding, "name", "10-flannel.conflist");
		finding_value(finding, "unit", "%s", unit);
	} else if (find_link(host, "flannel.1")) {
		flannel_restart(network, finding);
	} else if (cni->config) {
		finding_value(finding, "file", "%s", cni->config);
	} else {
		finding_value(finding, "url",
			      "https://github.com/flannel-io/flannel/releases/latest/"
			      "download/kube-flannel.yml");
	}
}

void flannel_judge_cni(const struct pod_network *network, bool in_use,
		       struct report *report)
{
	const struct host *host = network->host;
	const struct cni *cni = &host->cni;

	if (!in_use && !network->node && !cni->config)
		return;
	if (!report_knows_host(report, host, HOST_CNI))
		return;
	if (cni->error && !host->root) {
		report_unknown(report, &flannel_unreadable, cni->error);
		return;
	}
	if (cni->error || !cni->config) {
		lacks_config(network, cni->error ? cni->error : "missing", report);
		return;
	}
	for (size_t i = 0; i < cni->missing.count; i++)
		lacks_plugin(network, text_or_empty(cni->missing.items[i]), report);
}
