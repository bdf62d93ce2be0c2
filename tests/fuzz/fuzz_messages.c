// SPDX-License-Identifier: Apache-2.0
/* What schedulers and kubelets say, in conditions and events that anybody may write. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image_message.h"
#include "scheduler_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool (*const readers[])(const char *, char *, size_t) = {
		message_image,   message_host,    message_lookup,
		message_address, scheduler_taint, scheduler_claim,
	};
	char *message = malloc(size + 1), out[64];

	if (!message)
		return 0;
	memcpy(message, data, size);
	message[size] = '\0';
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (readers[i](message, out, sizeof(out)) &&
		    (!out[0] || strlen(out) >= sizeof(out)))
			abort();
	image_registry(message, out, sizeof(out));
	if (!out[0] || scheduler_obstructions(message) >> OBSTRUCTION_COUNT ||
	    message_obstacle(message) >= OBSTACLE_COUNT ||
	    message_tail(message) > message + size)
		abort();
	free(message);
	return 0;
}
