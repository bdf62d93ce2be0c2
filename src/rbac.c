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

static bool in_rule(size_t row, const struct resource *first, uint64_t needs)
{
	return resources[row].name && needed(&resources[row], needs) &&
	       text_equal(resources[row].group, first->group) &&
	       text_equal(resources[row].verbs, first->verbs);
}

/* An earlier row of this rule asks for the same resource, if with another selector. */
static bool is_repeated(size_t row, const struct resource *first, uint64_t needs)
{
	for (const struct resource *other = first; other < &resources[row]; other++)
		if (in_rule((size_t)(other - resources), first, needs) &&
		    text_equal(other->name, resources[row].name))
			return true;
	return false;
}

static void print_rule(size_t row, uint64_t needs)
{
	const struct resource *first = &resources[row];

	printf("- apiGroups: [\"%s\"]\n  resources: [", first->group);
	for (size_t i = row; i < resource_count; i++)
		if (in_rule(i, first, needs) && !is_repeated(i, first, needs))
			printf("%s\"%s\"", i == row ? "" : ", ", resources[i].name);
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
