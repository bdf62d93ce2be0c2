// SPDX-License-Identifier: Apache-2.0
/*
 * From command line, kubeconfig files or service account to what a connection to the API
 * server needs.  Follows client-go's tools/clientcmd (facts: cluster F); where we differ
 * on purpose, the comment says so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <wasmdiag/facts.h>

#include "arena.h"
#include "bytes.h"
#include "error.h"

/* What the command line gives, spelled as kubectl spells it.  NULL, false or 0: not
 * given. */
struct kube_options {
	const char *kubeconfig;
	const char *context;
	const char *cluster;
	const char *user;
	const char *server;
	const char *token;
	const char *as;
	struct string_list as_groups;
	const char *namespace;
	bool insecure_skip_tls_verify;
	const char *certificate_authority; /* a path, as the next two */
	const char *client_certificate;
	const char *client_key;
	const char *tls_server_name;
	int64_t request_timeout_ms;
	/* for tests: instead of /etc/rancher/k3s/k3s.yaml and
	 * /var/run/secrets/kubernetes.io/serviceaccount */
	const char *k3s_kubeconfig;
	const char *in_cluster_dir;
};

/* The header Impersonate-Extra-KEY once per value; KEY wants percent-encoding. */
struct kube_extra {
	const char *key;
	struct string_list values;
};

/* Impersonate-User, -Uid, -Group (one header each); user is NULL for none of them. */
struct kube_impersonation {
	const char *user;
	const char *uid;
	struct string_list groups;
	struct kube_extra *extras;
	size_t extra_count;
};

struct kube_connection {
	/* "https://10.0.0.1:6443/prefix": no final slash, query or user; port explicit */
	const char *server;
	bool tls; /* https; without it there are no credentials, as in client-go */
	const char *host; /* an IPv6 address without its brackets */
	int port;
	const char *path; /* what goes before "/api": "" or "/prefix" */
	const char *namespace; /* never NULL: "default" when nothing says otherwise */
	struct bytes ca; /* PEM; data NULL: the system's */
	bool insecure; /* do not verify the server; then there is no ca */
	const char *tls_server_name; /* NULL: host */
	/* http, https or socks5 (which resolves at the proxy, as in Go); may hold a
	 * password.  NULL: what the environment says */
	const char *proxy_url;
	bool disable_compression;
	struct bytes client_certificate; /* PEM, both or neither; they belong together */
	struct bytes client_key;
	const char *authorization; /* the header's value, one line; NULL: none */
	struct kube_impersonation impersonation; /* no control characters anywhere */
	int64_t request_timeout_ms; /* as in the options */
	const char *source; /* "/etc/rancher/k3s/k3s.yaml, context default" */
	struct string_list places; /* where we looked, with why not: "~/x (missing)" */
};

/*
 * Find out how to reach the API server.  Looked at, in this order, the first that is
 * there:
 * --kubeconfig (missing is an error) · the files of $KUBECONFIG, merged (when it is set,
 * nothing else on disk) · ~/.kube/config · /etc/rancher/k3s/k3s.yaml (skipped when it may
 * not be read) · the service account of a pod (not with --server).
 *
 * A user's exec plugin is run: with the caller's environment, 30 s at most.  As root, not
 * when neither root nor the caller (SUDO_UID) owns the kubeconfig.
 *
 * All of *ret lies in the arena, set even on failure.  Wipe it when done.
 *
 * Errors: ERROR_ABSENT nothing found, and only then: "no kubeconfig: looked at ...";
 * ERROR_USAGE whatever is wrong with options or files, with file (and line);
 * ERROR_TIMEOUT or ERROR_SYSTEM an exec plugin that failed.
 */
bool kubeconfig_load(const struct kube_options *options, struct arena *arena,
		     struct kube_connection *ret, struct error *error)
	__attribute__((nonnull(1, 2, 3)));

/* Overwrite the secrets: token, password, key, certificate, proxy.  They are gone then.
 */
void kube_connection_wipe(struct kube_connection *connection) __attribute__((nonnull));
