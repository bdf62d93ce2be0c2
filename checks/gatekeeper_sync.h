// SPDX-License-Identifier: Apache-2.0
/* What the parts of the check gatekeeper-sync share. */
#pragma once

#include "gatekeeper.h"

#define SHOWN     5 /* lines of evidence of one kind */
#define WITNESSES 100

/* What is at hand to judge by. */
struct survey {
	const struct facts *facts;
	struct report *report;
	struct crew crew;
};

/* 4204: constraints that refuse nothing. */
void judge_lenience(const struct survey *survey) __attribute__((nonnull));

/* 4206: namespaces that are passed over. */
void judge_exemptions(const struct survey *survey) __attribute__((nonnull));
