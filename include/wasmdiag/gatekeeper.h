// SPDX-License-Identifier: Apache-2.0
/*
 * Gatekeeper's policies as the API has them, and what its pods say of them.  The
 * conventions are those of facts.h.
 *
 * Every pod of Gatekeeper's watches the policies itself and notes what became of each;
 * the audit pod gathers the notes into status.byPod, and writes what audit found beside
 * them (gatekeeper pkg/controller/constraintstatus, pkg/audit).  Without an audit pod
 * both stand still while the policies are enforced all the same.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wasmdiag/facts.h>

/* Why a pod could not take a policy over. */
struct policy_error {
	const char *code; /* create_error, ingest_error, rego_parse_error, ... */
	const char *message;
	const char *location; /* in the Rego, as "template:3" */
};

/* One element of status.byPod. */
struct policy_status {
	const char *pod; /* its name */
	int64_t generation; /* of the object, when this pod took it over */
	const char *uid; /* of the object that it took over */
	struct string_list operations; /* "webhook", "audit", "status", ... */
	struct policy_error *errors;
	size_t error_count;
};

/* One element of metadata.managedFields, without the fields. */
struct policy_change {
	const char *manager;
	const char *subresource; /* "status"; NULL before Kubernetes 1.22 */
	int64_t time;
};

struct policy_object {
	const char *name;
	const char *uid;
	int64_t created;
	int64_t generation;
	struct policy_change *changes;
	size_t change_count;
	struct policy_status *statuses; /* by pod */
	size_t status_count;
};

struct constraint_template {
	struct policy_object object; /* its name is the resource's of its constraints */
	const char *kind; /* of its constraints */
	bool accepted; /* status.created: was once, and never goes back */
};

/* An object that audit found to break a constraint. */
struct violation {
	const char *kind;
	const char *namespace;
	const char *name;
	const char *message;
};

struct constraint {
	struct policy_object object;
	const char *kind;
	const char *resource; /* "k8srequiredlabels": as kubectl takes it */
	const char *action; /* deny when NULL, dryrun, warn, scoped */
	struct string_list scoped_actions; /* when scoped: of each of its scopes */
	struct string_list excluded_namespaces; /* spec.match.excludedNamespaces */
	int64_t audited; /* when the audit began that counted */
	int64_t total_violations;
	struct violation *violations; /* the first few */
	size_t violation_count;
};

/* What an event says that Gatekeeper refused pods to: a ReplicaSet, DaemonSet,
 * StatefulSet or Job.  The event stays when all is well again; this does not. */
struct controller {
	const char *kind;
	const char *namespace;
	const char *name;
	bool exists;
	int64_t desired; /* pods */
	int64_t current; /* UNSET: none */
	int64_t completed; /* a Job's end */
};

/* spec.match[] of the Config: namespaces that these processes pass over. */
struct gatekeeper_exemption {
	struct string_list namespaces; /* "kube-*" is a pattern */
	struct string_list processes; /* "webhook", "audit", "*", ... */
};

struct gatekeeper_config {
	const char *namespace;
	const char *name;
	struct gatekeeper_exemption *exemptions;
	size_t exemption_count;
};
