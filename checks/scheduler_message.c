// SPDX-License-Identifier: Apache-2.0
#include "scheduler_message.h"

#include <string.h>

#include <wasmdiag/text.h>

#include "common.h"

/* kubernetes pkg/scheduler/framework/plugins, 1.20 to 1.34. */
static const struct {
	enum obstruction obstruction;
	const char *text;
} words[] = {
	{ OBSTRUCTION_CPU, "Insufficient cpu" },
	{ OBSTRUCTION_MEMORY, "Insufficient memory" },
	{ OBSTRUCTION_PODS, "Too many pods" },
	{ OBSTRUCTION_TAINT, "untolerated taint" },
	{ OBSTRUCTION_TAINT, "had taint {" },
	{ OBSTRUCTION_TAINT, "had taints that the pod didn't tolerate" },
	{ OBSTRUCTION_CORDON, "were unschedulable" },
	{ OBSTRUCTION_CORDON, "taint {node.kubernetes.io/unschedulable" },
	{ OBSTRUCTION_SELECTOR, "didn't match Pod's node affinity" },
	{ OBSTRUCTION_SELECTOR, "didn't match node selector" },
	{ OBSTRUCTION_POD_AFFINITY, "didn't match pod affinity" },
	{ OBSTRUCTION_POD_AFFINITY, "didn't match pod anti-affinity" },
	{ OBSTRUCTION_POD_AFFINITY, "didn't satisfy existing pods anti-affinity" },
	{ OBSTRUCTION_SPREAD, "didn't match pod topology spread" },
	{ OBSTRUCTION_PORTS, "didn't have free ports" },
	{ OBSTRUCTION_VOLUME, "persistentvolumeclaim" },
	{ OBSTRUCTION_VOLUME, "PersistentVolumeClaims" },
	{ OBSTRUCTION_VOLUME, "volume node affinity conflict" },
	{ OBSTRUCTION_VOLUME, "persistent volumes to bind" },
	{ OBSTRUCTION_VOLUME, "no available volume zone" },
	{ OBSTRUCTION_VOLUME, "exceed max volume count" },
	{ OBSTRUCTION_NO_NODES, "no nodes available to schedule pods" },
};

static bool stands_before(const char *message, const char *text, const char *end)
{
	const char *at = strstr(message, text);

	return at && at < end;
}

/* "Insufficient " of something that has no word of its own. */
static bool lacks_another(const char *message, const char *end)
{
	while ((message = strstr(message, "Insufficient ")) && message < end) {
		message += strlen("Insufficient ");
		if (!text_starts(message, "cpu") && !text_starts(message, "memory"))
			return true;
	}
	return false;
}

unsigned scheduler_obstructions(const char *message)
{
	const char *end = strstr(message, "preemption: ");
	unsigned found = 0;

	if (!end)
		end = message + strlen(message);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (stands_before(message, words[i].text, end))
			found |= OBSTRUCTION_BIT(words[i].obstruction);
	return lacks_another(message, end) ? found | OBSTRUCTION_BIT(OBSTRUCTION_RESOURCE)
					   : found;
}

/* "{key: value}", and "{key: }" for one without. */
bool scheduler_taint(const char *message, char *out, size_t size)
{
	const char *at = strstr(message, "taint");
	char *colon;

	if (!at || !text_between(at, "{", "}", out, size))
		return false;
	colon = strstr(out, ": ");
	if (!colon)
		return out[strcspn(out, ":")] == '\0';
	if (!colon[2]) {
		*colon = '\0';
		return out[0];
	}
	*colon = '=';
	memmove(colon + 1, colon + 2, strlen(colon + 2) + 1);
	return true;
}

bool scheduler_claim(const char *message, char *out, size_t size)
{
	return text_between(message, "persistentvolumeclaim \"", "\"", out, size);
}
