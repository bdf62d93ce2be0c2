// SPDX-License-Identifier: Apache-2.0
/* The API's ways to write numbers. */
#pragma once

#include <stdint.h>

/*
 * A Kubernetes quantity ("100Mi", "0.5", "250m", "1e3") in thousandths; saturates at
 * INT64_MAX; UNSET when it is not one (apimachinery pkg/api/resource/quantity.go).
 */
int64_t quantity_milli(const char *text) __attribute__((nonnull));

/* The same in whole units, rounded up: bytes of memory, numbers of pods. */
int64_t quantity_units(const char *text) __attribute__((nonnull));

/* RFC 3339 ("2026-11-24T03:52:01Z", with or without fraction or offset) as Unix seconds;
 * UNSET when it is not that. */
int64_t time_parse(const char *text) __attribute__((nonnull));
