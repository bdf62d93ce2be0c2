// SPDX-License-Identifier: Apache-2.0
/* What containerd, CRI-O and the kubelet say of an image that cannot be pulled. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The image an event is about; false when it names none, or one that does not fit. */
bool message_image(const char *message, char *out, size_t size)
	__attribute__((nonnull(2)));

/* The host that did not answer as it should: of the URL that was asked for. */
bool message_host(const char *message, char *out, size_t size)
	__attribute__((nonnull(2)));

/* The registry of an image's name: docker.io unless its first part is a host. */
void image_registry(const char *image, char *out, size_t size)
	__attribute__((nonnull(2)));

/* What is between the node and the registry. */
enum pull_obstacle {
	OBSTACLE_DNS,
	OBSTACLE_TCP,
	OBSTACLE_TLS,
	OBSTACLE_PROXY,
	OBSTACLE_SERVER, /* it answers, with 5xx */
	OBSTACLE_COUNT,
};

/* Of a message that is about an unreachable registry. */
enum pull_obstacle message_obstacle(const char *message) __attribute__((nonnull));

/* Its name, the same in every language: "DNS". */
extern const char *const obstacle_names[OBSTACLE_COUNT];

/* The host looked up ("lookup HOST on ..."), and the address dialled ("dial tcp ADDR:").
 */
bool message_lookup(const char *message, char *out, size_t size)
	__attribute__((nonnull(2)));
bool message_address(const char *message, char *out, size_t size)
	__attribute__((nonnull(2)));

/*
 * What went wrong in the end: the message from "failed to do request" or the like on,
 * without what differs from image to image.  The whole message when it has no such part.
 */
const char *message_tail(const char *message) __attribute__((nonnull, returns_nonnull));
