// SPDX-License-Identifier: Apache-2.0
/* The parts kubeconfig_load() is made of. */
#pragma once

#include <stdbool.h>

#include "arena.h"
#include "collect/kubeconfig.h"
#include "collect/kubeconfig_file.h"
#include "error.h"

/* What was chosen; an entry that was not has no file and no node. */
struct kube_choice {
	const struct kube_options *options;
	struct kubeconfig_entry cluster;
	struct kubeconfig_entry user;
};

/*
 * Fill in what concerns the server: URL, CA, proxy.  Options overrule the file, and as in
 * client-go (client_config.go, getCluster) --server also drops its tls-server-name,
 * --certificate-authority and --insecure-skip-tls-verify each drop its CA and its
 * insecure-skip-tls-verify.
 */
bool kube_apply_cluster(const struct kube_choice *choice, struct arena *arena,
			struct kube_connection *connection, struct error *error)
	__attribute__((nonnull(1, 2, 3)));

/*
 * Fill in who we are; after the cluster.  Of what is given twice: *-data wins over the
 * file, as the API's documentation says (kubectl refuses both); --token over all (kubectl
 * prefers tokenFile); tokenFile, when it can be read, over token (round_trippers.go: the
 * file is the fresh one); anything over exec.
 */
bool kube_apply_user(const struct kube_choice *choice, struct arena *arena,
		     struct kube_connection *connection, struct error *error)
	__attribute__((nonnull(1, 2, 3)));

/* The kubeconfig's exec plugin: what it answered.  Absent parts are NULL. */
struct exec_credential {
	const char *token;
	struct bytes client_certificate;
	struct bytes client_key;
};

/*
 * PEM bytes of an entry: base64 under the key DATA_KEY, else the file its FILE_KEY names.
 * data is NULL when there is neither.  what says where they came from, for errors.
 */
struct pem_source {
	struct bytes bytes;
	const char *what;
};

struct pem_keys {
	const char *data;
	const char *file;
};

bool kube_read_pem(const struct kubeconfig_entry *entry, struct pem_keys keys,
		   struct arena *arena, struct pem_source *ret, struct error *error)
	__attribute__((nonnull(1, 3, 4)));

/* As kube_read_pem() from a file alone. */
bool kube_read_pem_file(const char *path, struct arena *arena, struct pem_source *ret,
			struct error *error) __attribute__((nonnull(1, 2, 3)));

/*
 * Run the user's exec plugin and read its ExecCredential (client-go:
 * plugin/pkg/client/auth/exec/exec.go; facts: cluster F); all NULL when the user has
 * none. It never gets the terminal: interactiveMode Always is refused.  What it wrote
 * lies in scratch, to be wiped.
 */
bool exec_plugin_run(const struct kube_choice *choice,
		     const struct kube_connection *connection, struct arena *scratch,
		     struct exec_credential *ret, struct error *error)
	__attribute__((nonnull(1, 2, 3, 4)));
