// SPDX-License-Identifier: Apache-2.0
/* The rows of all facts: what is read, what is kept, what a snapshot holds. */
#pragma once

#include <wasmdiag/autoscaling.h>
#include <wasmdiag/facts.h>
#include <wasmdiag/host.h>

#include "record.h"

extern const struct record node_record, pod_record, event_record, runtime_class_record,
	webhook_configuration_record, api_service_record, node_metrics_record,
	admission_record, service_record, endpoint_record, log_excerpt_record,
	server_record, denial_record, source_record, condition_record;

/* autoscaling_rows.c */
extern const struct record autoscaler_record, scaled_object_record,
	misplaced_cgroup_record;

/* gatekeeper_rows.c */
extern const struct record constraint_template_record, constraint_record,
	gatekeeper_config_record, controller_record;

/* performance_rows.c */
extern const struct record pull_record, container_resources_record, engine_library_record;

/* silence_rows.c */
extern const struct record silent_log_record;

/* storage_rows.c */
extern const struct record volume_claim_record, storage_class_record, datastore_record;

/* wasm_rows.c */
extern const struct record wasm_module_record;

/* pod_glance_rows.c: of a pod, what decides whether it is kept */
extern const struct record pod_glance_record;

/* The annotations of pods that are kept; ends with NULL. */
extern const char *const kept_annotations[];

/* The environment variables whose presence, never value, is kept; ends with NULL. */
extern const char *const kept_variables[];

/* Of join.h, in join_rows.c. */
extern const struct record join_record, k3s_certificate_record, unit_log_record,
	tcp_port_record;

/* The words of enum wasm_kind and enum wasm_extern; end with NULL. */
extern const char *const wasm_kind_names[], *const wasm_extern_names[];

/* The words of enum answer. */
extern const char *const answers[ANSWER_COUNT + 1];

/* A host and everything on it but its sources. */
extern const struct record host_record;

/* Everything in struct facts but its sources and hosts. */
extern const struct record facts_record;

/* The words of enum fact_state, as snapshots have them. */
extern const char *const fact_state_names[FACT_STATE_COUNT + 1];
