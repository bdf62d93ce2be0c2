// SPDX-License-Identifier: Apache-2.0
/*
 * Why is a claim not bound?  Claim -> class -> provisioner -> volume; a class that waits
 * for its first consumer waits by right until a pod uses the claim.
 */
#include "storage.h"

#include <wasmdiag/text.h>

#include "common.h"
#include "workload.h"

#define LOCAL_PATH     "rancher.io/local-path"
#define LOCAL_PATH_APP "local-path-provisioner"
#define NO_PROVISIONER "kubernetes.io/no-provisioner"
#define GRACE_S        60 /* to make a volume and bind it */
#define POD_GRACE_S    120 /* a pod may take so long to become ready */
/* A claim is compared with all pods and events: no more than this many are. */
#define CLAIMS_MOST 200

struct claims {
	const struct facts *facts;
	struct report *report;
	const struct volume_claim *claim; /* the one being judged */
	const struct storage_class *class;
	const struct pod *user; /* the first pod that wants it; NULL: none */
};

/* ---- who is there ---- */

static const struct storage_class *find_class(const struct facts *facts, const char *name)
{
	for (size_t i = 0; name && i < facts->storage_class_count; i++)
		if (text_equal(facts->storage_classes[i].name, name))
			return &facts->storage_classes[i];
	return NULL;
}

static const struct storage_class *default_class(const struct facts *facts)
{
	for (size_t i = 0; i < facts->storage_class_count; i++)
		if (facts->storage_classes[i].name &&
		    text_equal(facts->storage_classes[i].is_default, "true"))
			return &facts->storage_classes[i];
	return NULL;
}

/* One to use instead: the default, else any. */
static const struct storage_class *other_class(const struct facts *facts)
{
	const struct storage_class *class = default_class(facts);

	for (size_t i = 0; !class && i < facts->storage_class_count; i++)
		if (facts->storage_classes[i].name)
			class = &facts->storage_classes[i];
	return class;
}

static bool uses(const struct pod *pod, const struct volume_claim *claim)
{
	if (pod->claims.count == 0 || pod_is_over(pod) ||
	    !text_equal(pod->namespace, claim->namespace))
		return false;
	for (size_t i = 0; i < pod->claims.count; i++)
		if (text_equal(pod->claims.items[i], claim->name))
			return true;
	return false;
}

static const struct pod *find_user(const struct facts *facts,
				   const struct volume_claim *claim)
{
	for (size_t i = 0; i < facts->pod_count; i++)
		if (uses(&facts->pods[i], claim))
			return &facts->pods[i];
	return NULL;
}

static const struct event *find_refusal(const struct facts *facts,
					const struct volume_claim *claim)
{
	const struct event *newest = NULL;

	for (size_t i = 0; i < facts->event_count; i++) {
		const struct event *event = &facts->events[i];

		if (text_equal(event->reason, "ProvisioningFailed") &&
		    text_equal(event->kind, "PersistentVolumeClaim") &&
		    text_equal(event->name, claim->name) &&
		    text_equal(event->namespace, claim->namespace) &&
		    (!newest || event->last > newest->last))
			newest = event;
	}
	return newest;
}

/* ---- saying it ---- */

static struct subject claim_subject(const struct volume_claim *claim)
{
	return (struct subject){ "PersistentVolumeClaim", claim->namespace,
				 text_or_empty(claim->name) };
}

/* reason is a word as Kubernetes writes them; the guide's cause says what each means. */
static struct finding *report_claim(const struct claims *claims, struct subject subject,
				    const char *reason)
{
	const struct volume_claim *claim = claims->claim;
	struct finding *finding = report_finding(claims->report, &WD3306, subject);

	finding_value(finding, "namespace", "%s", text_or_empty(claim->namespace));
	finding_value(finding, "claim", "%s", text_or_empty(claim->name));
	finding_value(finding, "reason", "%s", reason);
	finding_witness(finding, claim_subject(claim));
	if (claims->user)
		finding_witness(finding, pod_subject(claims->user));
	return finding;
}

/* A claim's class is for good, so that the claim is made anew with another. */
static void offer_class(const struct claims *claims, struct finding *finding)
{
	const struct storage_class *other = other_class(claims->facts);

	if (other)
		finding_value(finding, "new_class", "%s", other->name);
	else if (node_is_k3s(claims->facts, NULL))
		finding_value(finding, "url", "/var/lib/rancher/k3s/server/manifests");
	else
		finding_value(finding, "peer",
			      "https://raw.githubusercontent.com/rancher/"
			      "local-path-provisioner/v0.0.31/deploy/"
			      "local-path-storage.yaml");
}

/* ---- the class ---- */

static bool is_disabled(const struct host *host)
{
	for (size_t i = 0; i < host->k3s.disable.count; i++)
		if (text_equal(host->k3s.disable.items[i], "local-storage"))
			return true;
	return false;
}

/* K3s brings local-path unless told not to. */
static bool offer_local_path(const struct claims *claims, struct finding *finding)
{
	for (size_t i = 0; i < claims->facts->host_count; i++) {
		const struct host *host = &claims->facts->hosts[i];

		if (!is_disabled(host))
			continue;
		finding_value(finding, "path", "%s",
			      host->k3s.config ? host->k3s.config
					       : "/etc/rancher/k3s/config.yaml");
		finding_value(finding, "unit", "k3s");
		finding_saw(finding, "disable", "local-storage", NULL,
			    host->k3s.config ? host->k3s.config : "k3s.service");
		return true;
	}
	return false;
}

static void report_no_class(const struct claims *claims)
{
	const char *name = claims->claim->storage_class;
	struct finding *finding =
		report_claim(claims, (struct subject){ "StorageClass", NULL, name },
			     "StorageClassNotFound");

	finding_saw(finding, "spec.storageClassName", name, "a StorageClass",
		    claims->claim->name);
	if (!text_equal(name, "local-path") || !offer_local_path(claims, finding))
		offer_class(claims, finding);
}

static void report_no_default(const struct claims *claims)
{
	const struct storage_class *other = other_class(claims->facts);
	struct finding *finding = report_claim(
		claims, (struct subject){ "Cluster", NULL, "cluster" }, "NoDefaultClass");

	finding_saw(finding, "storageclass.kubernetes.io/is-default-class", "-",
		    "\"true\" on one StorageClass", NULL);
	if (other)
		finding_value(finding, "value", "%s", other->name);
	else if (!offer_local_path(claims, finding))
		offer_class(claims, finding);
}

/* ---- the provisioner ---- */

static bool is_down(const struct pod *pod, const struct report *report)
{
	return !pod_is_over(pod) && !pod_is_ready(pod) &&
	       seconds_since(pod_unready_since(pod), report_now(report)) >= POD_GRACE_S;
}

/* local-path's pod when it is down; *ret_seen: there is one, up or down. */
static const struct pod *find_dead_provisioner(const struct claims *claims,
					       bool *ret_seen)
{
	const struct pod *dead = NULL;

	*ret_seen = false;
	for (size_t i = 0; i < claims->facts->pod_count; i++) {
		const struct pod *pod = &claims->facts->pods[i];

		if (!text_equal(label_value(pod->labels, pod->label_count, "app"),
				LOCAL_PATH_APP))
			continue;
		*ret_seen = true;
		if (is_down(pod, claims->report))
			dead = pod;
	}
	return dead;
}

/* True when local-path's provisioner does not run, which was reported. */
static bool judge_provisioner(const struct claims *claims)
{
	const struct subject subject = { "StorageClass", NULL, claims->class->name };
	struct finding *finding;
	const struct pod *dead;
	bool seen;

	if (!text_equal(claims->class->provisioner, LOCAL_PATH) ||
	    !report_knows(claims->report, FACT_PODS))
		return false;
	dead = find_dead_provisioner(claims, &seen);
	if (dead) {
		finding = report_claim(claims, subject, "ProvisionerDown");
		finding_value(finding, "group", "%s", text_or_empty(dead->namespace));
		finding_value(finding, "resource", "deployment/" LOCAL_PATH_APP);
		show_pod(finding, dead, claims->report);
		return true;
	}
	/* elsewhere a healthy one outside kube-system is not among the pods that are kept
	 */
	if (seen || !node_is_k3s(claims->facts, NULL))
		return false;
	finding = report_claim(claims, subject, "ProvisionerDown");
	finding_saw(finding, "Deployment kube-system/" LOCAL_PATH_APP, "no pod",
		    "one pod", claims->class->provisioner);
	if (!offer_local_path(claims, finding))
		finding_value(finding, "url", "/var/lib/rancher/k3s/server/manifests");
	return true;
}

static void report_refused(const struct claims *claims)
{
	const struct event *event = find_refusal(claims->facts, claims->claim);
	const char *provisioner = text_or_empty(claims->class->provisioner);
	struct finding *finding =
		report_claim(claims, claim_subject(claims->claim),
			     event ? "ProvisioningFailed" : "NotProvisioned");

	finding_value(finding, "storage_class", "%s", claims->class->name);
	finding_value(finding, "message", "%s", provisioner);
	finding_saw(finding, "provisioner", provisioner, NULL, claims->class->name);
	if (event)
		finding_saw(finding, "ProvisioningFailed", text_or_empty(event->message),
			    NULL, "event");
}

/* ---- volumes made by hand ---- */

static void report_no_volume(const struct claims *claims, const char *reason)
{
	const struct volume_claim *claim = claims->claim;
	struct finding *finding = report_claim(claims, claim_subject(claim), reason);

	if (text_equal(claim->phase, "Lost"))
		finding_value(finding, "lost_volume", "%s", text_or_empty(claim->volume));
	else
		finding_value(finding, "volume", "%s",
			      claim->volume ? claim->volume : text_or_empty(claim->name));
	finding_value(finding, "limit", "%lld",
		      (long long)(claim->requested > 0 ? claim->requested : 1));
	finding_value(finding, "key", "%s",
		      claim->access_modes.count ? claim->access_modes.items[0]
						: "ReadWriteOnce");
	finding_value(finding, "storage_class", "%s",
		      text_or_empty(claim->storage_class));
	finding_saw(finding, "PersistentVolume",
		    claim->volume ? report_text(claims->report, "%s is not there",
						claim->volume)
				  : "none matches",
		    report_text(claims->report, "%s, %s",
				size_text(claims->report, claim->requested),
				claim->access_modes.count ? claim->access_modes.items[0]
							  : "ReadWriteOnce"),
		    claim->name);
}

/* ---- does it wait by right? ---- */

static bool is_scheduler_waiting(const struct pod *pod)
{
	const struct condition *scheduled =
		find_condition(pod->conditions, pod->condition_count, "PodScheduled");

	return scheduled && text_has(scheduled->message, "persistent volumes to bind");
}

/* Its class waits for a pod.  True when there is nothing more to be said. */
static bool judge_waiting(const struct claims *claims)
{
	const struct pod *user = claims->user;
	struct finding *finding;

	if (!text_equal(claims->class->binding_mode, "WaitForFirstConsumer") ||
	    claims->claim->selected_node)
		return false;
	if (user && user->node) {
		finding = report_claim(claims, claim_subject(claims->claim),
				       "NotScheduled");
		owner_values(finding, user, claims->report);
		finding_value(finding, "pod", "%s", text_or_empty(user->name));
		finding_value(finding, "node", "%s", user->node);
		finding_value(finding, "code", "spec.nodeName");
		finding_saw(finding, "spec.nodeName", user->node,
			    "not set: the scheduler picks the node and the volume",
			    user->name);
	} else if (user && is_scheduler_waiting(user) &&
		   text_equal(claims->class->provisioner, NO_PROVISIONER)) {
		report_no_volume(claims, "NoMatchingVolume");
	}
	return true;
}

static void judge_with_class(const struct claims *claims)
{
	if (judge_waiting(claims) || judge_provisioner(claims))
		return;
	if (text_equal(claims->class->provisioner, NO_PROVISIONER))
		report_no_volume(claims, "NoMatchingVolume");
	else
		report_refused(claims);
}

/* ---- one claim ---- */

static bool is_young(const struct claims *claims)
{
	return seconds_since(claims->claim->created, report_now(claims->report)) <
	       GRACE_S;
}

static void judge_pending(struct claims *claims)
{
	const char *name = claims->claim->storage_class;

	if (name && !*name) {
		if (!is_young(claims))
			report_no_volume(claims, "NoMatchingVolume");
		return;
	}
	claims->class =
		name ? find_class(claims->facts, name) : default_class(claims->facts);
	if (claims->class && !is_young(claims))
		judge_with_class(claims);
	else if (!claims->class && name)
		report_no_class(claims);
	else if (!claims->class)
		report_no_default(claims);
}

static bool is_of_interest(const struct volume_claim *claim)
{
	return claim->name && claim->deleted == UNSET;
}

static void judge_claim(struct claims *claims)
{
	claims->user = find_user(claims->facts, claims->claim);
	if (text_equal(claims->claim->phase, "Lost"))
		report_no_volume(claims, "Lost");
	else if (text_equal(claims->claim->phase, "Pending") &&
		 report_knows(claims->report, FACT_STORAGE_CLASSES))
		judge_pending(claims);
}

void storage_judge_claims(const struct facts *facts, struct report *report)
{
	struct claims claims = { .facts = facts, .report = report };
	size_t judged = 0;

	if (!report_knows(report, FACT_VOLUME_CLAIMS))
		return;
	for (size_t i = 0; i < facts->volume_claim_count && judged < CLAIMS_MOST; i++) {
		claims.claim = &facts->volume_claims[i];
		claims.class = NULL;
		if (!is_of_interest(claims.claim))
			continue;
		judge_claim(&claims);
		judged++;
	}
}
