// SPDX-License-Identifier: Apache-2.0
/* Reading what WasmEdge writes when a module stops (facts C4). */
#pragma once

#include <wasmdiag/facts.h>

enum trap_kind {
	TRAP_NONE,
	TRAP_OTHER,
	TRAP_UNSUPPORTED, /* it did not even start: the engine lacks something */
	TRAP_OUT_OF_BOUNDS,
	TRAP_STACK, /* out of bounds because the address ran below 0 */
	TRAP_ALLOCATION,
};

struct trap {
	enum trap_kind kind;
	char reason[96]; /* the engine's words: "unreachable" */
	char module[96]; /* whose import is unknown */
	bool has_offsets;
	uint64_t from;
	uint64_t boundary; /* the last byte that is there */
	uint64_t pages; /* so the memory's size then */
	int64_t bytes; /* of the allocation that failed; UNSET: not told */
};

/*
 * What the lines of one container's log say, by the most specific of them: an allocation
 * that failed comes before the trap it ends in.  A component that a core engine refuses
 * is TRAP_NONE: that is another check's.
 */
void trap_read(const struct string_list *lines, struct trap *trap)
	__attribute__((nonnull));

/* Is this line evidence of a trap, rather than of something else? */
bool trap_concerns(const char *line);
