// SPDX-License-Identifier: Apache-2.0
/*
 * Gatekeeper's objects.  Of a policy's spec only what decides whether it is enforced is
 * kept: no Rego, no parameters.
 */
#include <wasmdiag/gatekeeper.h>
#include <wasmdiag/text.h>

#include "facts_rows.h"
#include "rows.h"

/* clang-format off */
#define OF policy_error
static const struct field policy_error_rows[] = {
	TEXT(code, "code"),
	PROSE(message, "message"),
	TEXT(location, "location"),
};
static const struct record policy_error_record = RECORD(struct policy_error, policy_error_rows);
#undef OF

#define OF policy_status
static const struct field policy_status_rows[] = {
	TEXT(pod, "id"),
	NUMBER(generation, "observedGeneration"),
	TEXT(uid, "constraintUID|templateUID"),
	STRINGS(operations, "operations"),
	LIST(errors, error_count, policy_error_record, "errors"),
};
static const struct record policy_status_record = RECORD(struct policy_status, policy_status_rows);
#undef OF

#define OF policy_change
static const struct field policy_change_rows[] = {
	TEXT(manager, "manager"),
	TEXT(subresource, "subresource"),
	TIME(time, "time"),
};
static const struct record policy_change_record = RECORD(struct policy_change, policy_change_rows);
#undef OF

#define OF policy_object
static const struct field policy_object_rows[] = {
	TEXT(name, "metadata.name"),
	TEXT(uid, "metadata.uid"),
	TIME(created, "metadata.creationTimestamp"),
	NUMBER(generation, "metadata.generation"),
	LIST(changes, change_count, policy_change_record, "metadata.managedFields"),
	LIST(statuses, status_count, policy_status_record, "status.byPod"),
};
static const struct record policy_object_record = RECORD(struct policy_object, policy_object_rows);
#undef OF

#define OF constraint_template
static const struct field constraint_template_rows[] = {
	NESTED(object, policy_object_record, ""),
	TEXT(kind, "spec.crd.spec.names.kind"),
	BOOLEAN(accepted, "status.created"),
};
const struct record constraint_template_record = RECORD(struct constraint_template, constraint_template_rows);
#undef OF

#define OF violation
static const struct field violation_rows[] = {
	TEXT(kind, "kind"),
	TEXT(namespace, "namespace"),
	TEXT(name, "name"),
	PROSE(message, "message"),
};
static const struct record violation_record = RECORD(struct violation, violation_rows);
#undef OF

#define OF constraint
static const struct field constraint_rows[] = {
	NESTED(object, policy_object_record, ""),
	TEXT(kind, "kind"),
	TEXT(resource, NULL),
	TEXT(action, "spec.enforcementAction"),
	STRINGS(scoped_actions, "spec.scopedEnforcementActions[].action"),
	STRINGS(excluded_namespaces, "spec.match.excludedNamespaces"),
	TIME(audited, "status.auditTimestamp"),
	NUMBER(total_violations, "status.totalViolations"),
	LIST(violations, violation_count, violation_record, "status.violations"),
};
const struct record constraint_record = RECORD(struct constraint, constraint_rows);
#undef OF

#define OF gatekeeper_exemption
static const struct field gatekeeper_exemption_rows[] = {
	STRINGS(namespaces, "excludedNamespaces"),
	STRINGS(processes, "processes"),
};
static const struct record gatekeeper_exemption_record = RECORD(struct gatekeeper_exemption, gatekeeper_exemption_rows);
#undef OF

#define OF gatekeeper_config
static const struct field gatekeeper_config_rows[] = {
	TEXT(namespace, "metadata.namespace"),
	TEXT(name, "metadata.name"),
	LIST(exemptions, exemption_count, gatekeeper_exemption_record, "spec.match"),
};
const struct record gatekeeper_config_record = RECORD(struct gatekeeper_config, gatekeeper_config_rows);
#undef OF
#define OF controller
static const struct field controller_rows[] = {
	TEXT(kind, "kind"),
	TEXT(namespace, "metadata.namespace"),
	TEXT(name, "metadata.name"),
	BOOLEAN(exists, NULL),
	NUMBER(desired, "spec.replicas|status.desiredNumberScheduled|spec.parallelism"),
	NUMBER(current, "status.replicas|status.currentNumberScheduled|status.active"),
	TIME(completed, "status.completionTime"),
};
const struct record controller_record = RECORD(struct controller, controller_rows);
#undef OF
/* clang-format on */
