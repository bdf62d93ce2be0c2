// SPDX-License-Identifier: Apache-2.0
/* What the scheduler says of a pod that it finds no node for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What it names; one message may name several. */
enum obstruction {
	OBSTRUCTION_CPU,
	OBSTRUCTION_MEMORY,
	OBSTRUCTION_PODS, /* as many as the node takes */
	OBSTRUCTION_RESOURCE, /* another one: ephemeral-storage, a device */
	OBSTRUCTION_TAINT,
	OBSTRUCTION_CORDON,
	OBSTRUCTION_SELECTOR, /* nodeSelector or node affinity */
	OBSTRUCTION_POD_AFFINITY,
	OBSTRUCTION_SPREAD,
	OBSTRUCTION_PORTS,
	OBSTRUCTION_VOLUME,
	OBSTRUCTION_NO_NODES,
	OBSTRUCTION_COUNT,
};

#define OBSTRUCTION_BIT(obstruction) (1U << (obstruction))

/* Those that nodes and pods have numbers for. */
#define OBSTRUCTION_SHORT                                                                \
	(OBSTRUCTION_BIT(OBSTRUCTION_CPU) | OBSTRUCTION_BIT(OBSTRUCTION_MEMORY) |        \
	 OBSTRUCTION_BIT(OBSTRUCTION_PODS))

/* As bits: OBSTRUCTION_BIT(OBSTRUCTION_CPU) | ...; 0 when it names none that is known.
 * What it says of preemption is left out. */
unsigned scheduler_obstructions(const char *message) __attribute__((nonnull));

/* The first taint it names, as kubectl writes it: "dedicated=gpu"; false: it names none.
 */
bool scheduler_taint(const char *message, char *out, size_t size)
	__attribute__((nonnull));

/* The claim it names: persistentvolumeclaim "x" not found. */
bool scheduler_claim(const char *message, char *out, size_t size)
	__attribute__((nonnull));
