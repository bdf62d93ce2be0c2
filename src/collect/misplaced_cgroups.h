// SPDX-License-Identifier: Apache-2.0
/* Cgroups of containers where the kubelet does not look. */
#pragma once

#include "collect/host.h"

/*
 * HOST_MISPLACED_CGROUPS.  A kubelet with the systemd driver names a container's cgroup
 * "kubepods-...-pod<uid>.slice:cri-containerd:<id>", for systemd to make folders of.  A
 * runtime that was not told SystemdCgroup makes one folder of that name: at the root
 * (crun), or beside its own cgroup (runc's libcontainer, which runwasi's shims follow).
 * Those places are looked at, not the whole tree; at most 64 containers with processes
 * are kept.
 */
void collect_misplaced_cgroups(struct host_context *context, struct host *host)
	__attribute__((nonnull));

/* Take "kubepods-besteffort-pod1f2e_....slice:cri-containerd:ID" apart; false when the
 * name is not of that form.  What is kept is in the arena. */
bool misplaced_cgroup_parse(const char *name, struct arena *arena,
			    struct misplaced_cgroup *ret) __attribute__((nonnull));
