// SPDX-License-Identifier: Apache-2.0
#include "rbac.h"

#include <stdio.h>

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "collect/resources.h"
#include "run.h"

static bool needed(const struct resource *resource, uint64_t needs)
{
	return needs & NEED(resource->fact);
}

/* The rule of this row has been printed with an earlier row of the same group and verbs.
 */
static bool is_printed(size_t row, uint64_t needs)
{
	for (size_t i = 0; i < row; i++)
		if (resources[i].name && needed(&resources[i], needs) &&
		    text_equal(resources[i].group, resources[row].group) &&
		    text_equal(resources[i].verbs, resources[row].verbs))
			return true;
	return false;
}

static void print_rule(size_t row, uint64_t needs)
{
	const struct resource *first = &resources[row];

	printf("- apiGroups: [\"%s\"]\n  resources: [", first->group);
	for (size_t i = row; i < resource_count; i++)
		if (resources[i].name && needed(&resources[i], needs) &&
		    text_equal(resources[i].group, first->group) &&
		    text_equal(resources[i].verbs, first->verbs))
			printf("%s%s", i == row ? "" : ", ", resources[i].name);
	printf("]\n  verbs: [%s]\n", first->verbs);
}

static void print_urls(uint64_t needs)
{
	fputs("- nonResourceURLs: [/version, /readyz", stdout);
	for (size_t i = 0; i < resource_count; i++)
		if (!resources[i].name && needed(&resources[i], needs))
			printf(", %s", resources[i].paths[0]);
	fputs("]\n  verbs: [get]\n", stdout);
}

int run_rbac(const struct options *options, struct arena *arena)
{
	uint64_t needs = 0;
	struct error error;

	if (!needs_of(options, 1, arena, &needs, &error))
		return report_error(&error);
	fputs("apiVersion: rbac.authorization.k8s.io/v1\n"
	      "kind: ClusterRole\n"
	      "metadata:\n"
	      "  name: wasmdiag\n"
	      "rules:\n",
	      stdout);
	for (size_t i = 0; i < resource_count; i++)
		if (resources[i].name && needed(&resources[i], needs) &&
		    !is_printed(i, needs))
			print_rule(i, needs);
	print_urls(needs);
	return 0;
}
