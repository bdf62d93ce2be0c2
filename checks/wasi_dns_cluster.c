// SPDX-License-Identifier: Apache-2.0
/* The name server that every pod of the cluster asks. */
#include "wasi_dns.h"

#include <wasmdiag/text.h>

#include "wasi_dns.words.h"
#include "workload.h"

#define NAMESPACE   "kube-system"
#define SERVICE     "kube-dns"
#define START_GRACE 120 /* seconds its pods may take to become ready */

struct dns {
	const struct service *service; /* NULL: there is none of that name */
	size_t ready; /* of its endpoints; of its pods when there is no service */
	const struct pod *broken; /* one that is not ready */
	size_t pods;
	bool starting; /* a pod of it is young */
};

const struct service *cluster_dns_service(const struct facts *facts)
{
	const struct service *service = find_service(facts, NAMESPACE, SERVICE);

	return service && service->exists ? service : NULL;
}

static bool is_dns_pod(const struct pod *pod)
{
	return text_equal(pod->namespace, NAMESPACE) &&
	       text_equal(label_value(pod->labels, pod->label_count, "k8s-app"),
			  SERVICE) &&
	       !pod_is_over(pod);
}

static void count_pods(const struct facts *facts, int64_t now, struct dns *dns)
{
	for (size_t i = 0; i < facts->pod_count; i++) {
		const struct pod *pod = &facts->pods[i];

		if (!is_dns_pod(pod))
			continue;
		dns->pods++;
		if (pod_is_ready(pod))
			dns->ready += !dns->service;
		else if (!dns->broken)
			dns->broken = pod;
		dns->starting |= !pod_is_ready(pod) &&
				 seconds_since(pod_unready_since(pod), now) < START_GRACE;
	}
}

static bool is_dns_endpoint(const struct endpoint *endpoint)
{
	return text_equal(endpoint->namespace, NAMESPACE) &&
	       text_equal(endpoint->service, SERVICE);
}

static void count_endpoints(const struct facts *facts, struct dns *dns)
{
	for (size_t i = 0; dns->service && i < facts->endpoint_count; i++)
		dns->ready += is_dns_endpoint(&facts->endpoints[i]) &&
			      facts->endpoints[i].ready;
}

static void show_endpoints(const struct facts *facts, struct finding *finding)
{
	size_t shown = 0;

	for (size_t i = 0; i < facts->endpoint_count && shown < DNS_SHOWN; i++) {
		const struct endpoint *endpoint = &facts->endpoints[i];

		if (!is_dns_endpoint(endpoint))
			continue;
		finding_saw(finding, text_or_empty(endpoint->address), "not ready",
			    "ready", "EndpointSlice");
		shown++;
	}
	if (shown == 0)
		finding_saw(finding, "endpoints", "0", "at least 1", "EndpointSlice");
}

static void show_pods(const struct facts *facts, struct finding *finding,
		      struct report *report)
{
	size_t shown = 0;

	for (size_t i = 0; i < facts->pod_count && shown < DNS_SHOWN; i++) {
		if (!is_dns_pod(&facts->pods[i]))
			continue;
		show_pod(finding, &facts->pods[i], report);
		shown++;
	}
}

static void report_down(const struct facts *facts, struct report *report,
			const struct dns *dns)
{
	static const struct subject service = { "Service", NAMESPACE, SERVICE };
	struct subject workload =
		dns->broken ? workload_of(dns->broken, report) : service;
	struct finding *finding =
		report_finding(report, &WD2306, dns->service ? service : workload);

	if (dns->broken) {
		name_workload(finding, dns->broken, report);
		finding_value(finding, "owner_kind", "%s", text_or_empty(workload.kind));
	} else {
		finding_value(finding, "resource", "service/" SERVICE);
	}
	if (dns->pods == 0)
		finding_value(finding, "program", "coredns");
	if (dns->service)
		show_endpoints(facts, finding);
	show_pods(facts, finding, report);
}

bool judge_cluster_dns(const struct facts *facts, struct report *report)
{
	bool services = report_knows(report, FACT_SERVICES);
	bool pods = report_knows(report, FACT_PODS);
	struct dns dns = { .service = cluster_dns_service(facts) };

	if (pods)
		count_pods(facts, report_now(report), &dns);
	if (!services || (dns.service && !report_knows(report, FACT_ENDPOINTS)))
		return true;
	count_endpoints(facts, &dns);
	if (!dns.service && dns.pods == 0)
		return false;
	if (dns.ready == 0 && !dns.starting)
		report_down(facts, report, &dns);
	return true;
}
