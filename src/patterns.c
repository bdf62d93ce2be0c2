// SPDX-License-Identifier: Apache-2.0
#include "patterns.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

bool pattern_wants(const char *line)
{
	for (size_t i = 0; all_checks[i]; i++) {
		const struct guide *const *guide = all_checks[i]->words->guides;

		for (; *guide; guide++)
			if (guide_matches(*guide, line))
				return true;
	}
	return false;
}

bool pattern_continues(const char *line)
{
	return text_has(line, "[error]     ") || text_starts(line, "[libcrun:wasmedge]");
}
