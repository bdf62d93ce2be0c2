// SPDX-License-Identifier: Apache-2.0
/* What the parts of the check wasi-dns share. */
#pragma once

#include <wasmdiag/report.h>

/* How many endpoints or pods of cluster DNS a finding shows. */
#define DNS_SHOWN 4

/* The service of cluster DNS, as K3s, kubeadm and most others call it; NULL: none. */
const struct service *cluster_dns_service(const struct facts *facts)
	__attribute__((nonnull));

/*
 * 2306: does cluster DNS have a ready endpoint?  Judged where it is installed: its
 * service is there, or pods labelled as it.  False when there is neither, which is no
 * fault: kubelet then gives pods the node's own name servers.
 */
bool judge_cluster_dns(const struct facts *facts, struct report *report)
	__attribute__((nonnull));
