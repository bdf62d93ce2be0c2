// SPDX-License-Identifier: Apache-2.0
/* The logs that kubelet keeps of this node's containers. */
#pragma once

#include "collect/host.h"

/*
 * HOST_LOGS: of each container in /var/log/pods the two newest instances' logs, of each
 * the last 64 KiB, and of these the lines context->wanted_line asks for (cri_log_find()).
 * An empty log of a newest instance, nothing of which was rotated away, is kept among
 * host->silent_logs.  FACT_NOT_SOUGHT when it asks for none.  Only the 1000 pods touched
 * last are looked at. Rotated files are not.
 */
void collect_logs(struct host_context *context, struct host *host)
	__attribute__((nonnull));
