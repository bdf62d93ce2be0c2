// SPDX-License-Identifier: Apache-2.0
#include "autoscaler.h"

#include <wasmdiag/text.h>

#include "workload.h"

struct subject autoscaler_subject(const struct autoscaler *autoscaler)
{
	return (struct subject){ "HorizontalPodAutoscaler", autoscaler->namespace,
				 text_or_empty(autoscaler->name) };
}

bool reads_resources(const struct autoscaler *autoscaler)
{
	for (size_t i = 0; i < autoscaler->metric_count; i++)
		if (text_equal(autoscaler->metrics[i].type, "Resource") ||
		    text_equal(autoscaler->metrics[i].type, "ContainerResource"))
			return true;
	return autoscaler->cpu_target != UNSET;
}

const struct condition *why_inactive(const struct autoscaler *autoscaler)
{
	const struct condition *condition = find_condition(
		autoscaler->conditions, autoscaler->condition_count, "ScalingActive");

	return condition && text_equal(condition->status, "False") ? condition : NULL;
}

void name_target(struct finding *finding, const struct autoscaler *autoscaler,
		 struct report *report)
{
	struct subject target = { autoscaler->target_kind, autoscaler->namespace,
				  autoscaler->target_name };

	finding_value(finding, "owner_kind", "%s",
		      text_or_empty(autoscaler->target_kind));
	finding_value(finding, "owner", "%s", text_or_empty(autoscaler->target_name));
	finding_value(finding, "resource", "%s", workload_resource(&target, report));
}

const struct api_service *find_api_group(const struct facts *facts, const char *group)
{
	const struct api_service *found = NULL;

	for (size_t i = 0; i < facts->api_service_count; i++) {
		const struct api_service *api = &facts->api_services[i];
		const char *dot = api->name ? strchr(api->name, '.') : NULL;

		if (!dot || !text_equal(dot + 1, group))
			continue;
		if (api_service_available(api))
			return api;
		if (!found)
			found = api;
	}
	return found;
}

bool api_service_available(const struct api_service *api)
{
	const struct condition *condition;

	if (!api->service_name)
		return true; /* the API server itself answers */
	condition = find_condition(api->conditions, api->condition_count, "Available");
	return condition && text_equal(condition->status, "True");
}
