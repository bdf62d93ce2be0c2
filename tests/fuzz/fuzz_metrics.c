// SPDX-License-Identifier: Apache-2.0
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collect/metrics_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const wanted[] = { "up", "a*", "apiserver_request_total" };

static void count_bytes(void *context, const struct metrics_sample *sample)
{
	size_t *total = context;

	*total += strlen(sample->name) + 1;
	for (size_t i = 0; i < sample->label_count; i++)
		*total +=
			strlen(sample->labels[i].name) + strlen(sample->labels[i].value);
}

/* Fed whole or in chunks, the samples must be the same. */
static size_t scan_all(const char *bytes, size_t size, size_t chunk)
{
	struct metrics_scan scan;
	size_t total = 0;

	metrics_scan_start(&scan, wanted, 3, count_bytes, &total);
	for (size_t at = 0; at < size; at += chunk)
		metrics_scan_feed(&scan, bytes + at,
				  size - at < chunk ? size - at : chunk);
	metrics_scan_end(&scan);
	return total + scan.bad_lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;

	if (size < 2)
		return 0;
	if (scan_all(bytes + 1, size - 1, size) !=
	    scan_all(bytes + 1, size - 1, (size_t)(data[0] % 32) + 1))
		abort();
	return 0;
}
