// SPDX-License-Identifier: Apache-2.0
/*
 * Copies the listed members of one JSON object, and nothing else, from its raw bytes into
 * a small object that is then parsed.  A pod is some 6 kB, what is read of it 0.4 kB:
 * parsing only that is six times as fast (ecosystem facts, section 2), and what is not
 * listed never enters the program's memory as a value.
 *
 * Paths:
 *	metadata.name				members
 *	metadata.labels[app.kubernetes.io/name]	a name that holds dots or slashes
 *	metadata.annotations[*wasm*]		every name that matches; the path's last
 *step spec.containers[].image			each element of an array
 *	spec.containers[].command[0]		only that element (0 to 63)
 *	spec.containers[].env[].name=HOME	only elements with this value there, and
 *						nothing else of them
 *	status.conditions[]			what a path ends at is taken whole
 *
 * An object or array that a path goes through is copied as an object or array; any other
 * value found there becomes null, so that the shape of what remains is the original's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "collect/buffer.h"
#include "error.h"

struct json_projection;

/*
 * Compile count paths; the result, and the names in it, live in the arena.  NULL with
 * error as ERROR_USAGE for a malformed path, or two that ask for [] and [0] of one array.
 */
const struct json_projection *json_projection_compile(struct arena *arena,
						      const char *const *paths,
						      size_t count, struct error *error)
	__attribute__((nonnull(1)));

/* Memory that many projections share; starts as { 0 }, ends by json_projector_release().
 */
struct json_projector {
	struct buffer out; /* the projection, valid JSON if the listed parts were */
	struct buffer name; /* a member's name, decoded */
};

/*
 * Project one object of length bytes into projector->out.  Names are compared decoded,
 * and of two equal names the last wins once out is parsed.  False with error as
 * ERROR_FORMAT when the brackets, quotes or commas are wrong or something follows the
 * object, as ERROR_LIMIT when it is nested over JSON_DEPTH_LIMIT.  Parts that are not
 * listed are passed by, not proven.
 */
bool json_project(struct json_projector *projector,
		  const struct json_projection *projection, const char *bytes,
		  size_t length, struct error *error) __attribute__((nonnull(1, 2, 3)));

void json_projector_release(struct json_projector *projector) __attribute__((nonnull));
