// SPDX-License-Identifier: Apache-2.0
/* What a snapshot keeps of what containers did not say and were told. */
#include "facts_rows.h"
#include "rows.h"

#include <wasmdiag/text.h>

/* The first does nothing (11.2.3), the second decides how names are looked up. */
const char *const kept_variables[] = { "WASMEDGE_WASI_SOCKET", "DNS_SERVER", NULL };

/* clang-format off */
#define OF silent_log
static const struct field silent_log_rows[] = {
	TEXT(namespace, NULL),
	TEXT(pod, NULL),
	TEXT(pod_uid, NULL),
	TEXT(container, NULL),
	NUMBER(restart, NULL),
	TIME(since, NULL),
};
const struct record silent_log_record = RECORD(struct silent_log, silent_log_rows);
#undef OF
/* clang-format on */
