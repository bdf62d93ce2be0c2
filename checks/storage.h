// SPDX-License-Identifier: Apache-2.0
/* The parts of the storage check: K3s's datastore, disks, claims. */
#pragma once

#include <wasmdiag/report.h>

#include "storage.words.h"

/* "4.2 MiB", "512 bytes"; "-" when not known. */
const char *size_text(struct report *report, int64_t bytes) __attribute__((nonnull));

/* The whole percent that part is of the whole, rounded down; UNSET when there is no
 * telling.  Numbers in a snapshot may be anything. */
int64_t percent_of(int64_t part, int64_t whole);

/* 3302, 3303, 3308: each file system of a node, once. */
void storage_judge_disks(const struct facts *facts, const struct host *host,
			 struct report *report) __attribute__((nonnull));

/* 3307: what kubelet says of its disks. */
void storage_judge_pressure(const struct facts *facts, struct report *report)
	__attribute__((nonnull));

/* 3306: claims that are not bound although something waits for them. */
void storage_judge_claims(const struct facts *facts, struct report *report)
	__attribute__((nonnull));
