// SPDX-License-Identifier: Apache-2.0
/* What is the same in kubectl is compared with it in tests/kube; here is the rest. */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wasmdiag/text.h>

#include "collect/base64.h"
#include "collect/kubeconfig.h"
#include "collect/pem.h"
#include "file.h"

#define DATA "data/kubeconfig"

static struct arena arena;
static struct error error;
static struct kube_options options;
static struct kube_connection connection;
static char folder[64];

static const char *in(const char *name)
{
	return arena_format(&arena, "%s/%s", folder, name);
}

static const char *put(const char *name, const char *text)
{
	const char *path = in(name);
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return path;
}

static int begin(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/wasmdiag-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	error = (struct error){ 0 };
	unsetenv("KUBECONFIG");
	unsetenv("KUBERNETES_SERVICE_HOST");
	unsetenv("KUBERNETES_SERVICE_PORT");
	unsetenv("POD_NAMESPACE");
	unsetenv("SUDO_UID");
	setenv("HOME", folder, 1);
	options = (struct kube_options){ 0 };
	options.k3s_kubeconfig = in("k3s.yaml");
	options.in_cluster_dir = folder;
	return 0;
}

static int end(void **state)
{
	(void)state;
	kube_connection_wipe(&connection);
	if (system(arena_format(&arena, "rm -rf %s", folder)))
		return -1;
	arena_free(&arena);
	return 0;
}

static void loads(void)
{
	if (!kubeconfig_load(&options, &arena, &connection, &error))
		fail_msg("%s", error.text);
}

/* The sentence, with @ for the folder. */
static void refuses(enum error_kind kind, const char *sentence)
{
	char expected[1024] = "";
	size_t length = 0;

	for (; *sentence && length < sizeof(expected) - sizeof(folder); sentence++) {
		if (*sentence == '@')
			length += (size_t)snprintf(expected + length, sizeof(folder),
						   "%s", folder);
		else
			expected[length++] = *sentence;
	}
	expected[length] = '\0';
	assert_false(kubeconfig_load(&options, &arena, &connection, &error));
	assert_string_equal(error.text, expected);
	assert_int_equal(error.kind, kind);
}

static const char *config(const char *cluster, const char *user)
{
	return arena_format(&arena,
			    "current-context: x\n"
			    "clusters: [{name: c, cluster: {%s}}]\n"
			    "users: [{name: u, user: {%s}}]\n"
			    "contexts: [{name: x, context: {cluster: c, user: u}}]\n",
			    cluster, user);
}

/* A kubeconfig whose server is https and whose user is as given. */
static void use_user(const char *user)
{
	options.kubeconfig = put("config", config("server: 'https://h'", user));
}

static void use_cluster(const char *cluster)
{
	options.kubeconfig = put("config", config(cluster, "token: abc"));
}

static const char *data(const char *name)
{
	char here[1024];

	assert_non_null(getcwd(here, sizeof(here)));
	return arena_format(&arena, "%s/" DATA "/%s", here, name);
}

static const char *base64_of(const char *name)
{
	struct bytes bytes;

	assert_true(file_read(data(name), PEM_MAX_BYTES, &arena, &bytes, &error));
	return base64_encode(bytes, &arena);
}

static void places_are_tried_in_order(void **state)
{
	(void)state;
	setenv("KUBERNETES_SERVICE_HOST", "10.43.0.1", 1);
	setenv("KUBERNETES_SERVICE_PORT", "443", 1);
	put("token", "pod\n");
	loads();
	assert_string_equal(connection.source, "the pod's service account, context pod");
	put("k3s.yaml", config("server: 'https://k3s'", "token: a"));
	loads();
	assert_string_equal(connection.host, "k3s");
	assert_string_equal(connection.source,
			    arena_format(&arena, "%s, context x", in("k3s.yaml")));
	assert_int_equal(mkdir(in(".kube"), 0700), 0);
	put(".kube/config", config("server: 'https://home'", "token: a"));
	loads();
	assert_string_equal(connection.host, "home");
	setenv("KUBECONFIG", put("env", config("server: 'https://env'", "token: a")), 1);
	loads();
	assert_string_equal(connection.host, "env");
	options.kubeconfig = put("flag", config("server: 'https://flag'", "token: a"));
	loads();
	assert_string_equal(connection.host, "flag");
	assert_int_equal(connection.port, 443);
	assert_string_equal(connection.server, "https://flag:443");
}

static void nothing_found_names_the_places(void **state)
{
	(void)state;
	refuses(ERROR_ABSENT,
		"no kubeconfig: looked at @/.kube/config (missing), @/k3s.yaml (missing), "
		"the pod's service account (no KUBERNETES_SERVICE_HOST)");
	assert_int_equal(connection.places.count, 3);
	setenv("KUBERNETES_SERVICE_HOST", "10.43.0.1", 1);
	setenv("KUBERNETES_SERVICE_PORT", "443", 1);
	setenv("KUBECONFIG",
	       arena_format(&arena, "%s::%s", in("no"), put("empty", "# none\n")), 1);
	put("k3s.yaml", config("server: 'https://k3s'", ""));
	refuses(ERROR_ABSENT, "no kubeconfig: looked at @/no (missing), @/empty (empty), "
			      "the pod's service account (no token)");
}

static void k3s_file_of_root_is_passed_over(void **state)
{
	uid_t was = geteuid();

	(void)state;
	put("k3s.yaml", config("server: 'https://k3s'", ""));
	assert_int_equal(chmod(in("k3s.yaml"), 0), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	if (was == 0)
		assert_int_equal(seteuid(65534), 0);
	refuses(ERROR_ABSENT, "no kubeconfig: looked at @/.kube/config (missing), "
			      "@/k3s.yaml (only root may read it), "
			      "the pod's service account (no KUBERNETES_SERVICE_HOST)");
	options.kubeconfig = options.k3s_kubeconfig;
	refuses(ERROR_USAGE, "--kubeconfig: cannot read @/k3s.yaml: Permission denied");
	assert_int_equal(seteuid(was), 0);
}

static void a_pod_has_its_service_account(void **state)
{
	(void)state;
	setenv("KUBERNETES_SERVICE_HOST", "fd00::1", 1);
	setenv("KUBERNETES_SERVICE_PORT", "6443", 1);
	put("token", "of-the-pod\n");
	put("namespace", "shop\n");
	loads();
	assert_string_equal(connection.server, "https://[fd00::1]:6443");
	assert_string_equal(connection.host, "fd00::1");
	assert_int_equal(connection.port, 6443);
	assert_string_equal(connection.authorization, "Bearer of-the-pod");
	assert_string_equal(connection.namespace, "shop");
	assert_null(connection.ca.data);
	assert_int_equal(symlink(data("ca.crt"), in("ca.crt")), 0);
	setenv("POD_NAMESPACE", "given", 1);
	options.token = "flag";
	loads();
	assert_non_null(connection.ca.data);
	assert_string_equal(connection.namespace, "given");
	assert_string_equal(connection.authorization, "Bearer flag");
	setenv("KUBERNETES_SERVICE_HOST", "x\", a: \"", 1);
	refuses(ERROR_ABSENT, "no kubeconfig: looked at @/.kube/config (missing), "
			      "@/k3s.yaml (missing), "
			      "the pod's service account (no KUBERNETES_SERVICE_HOST)");
}

static void files_that_are_none(void **state)
{
	(void)state;
	options.kubeconfig = in("missing");
	refuses(ERROR_USAGE,
		"--kubeconfig: cannot read @/missing: No such file or directory");
	options.kubeconfig = in(".");
	refuses(ERROR_USAGE, "--kubeconfig: @/. is a directory, not a file");
	options.kubeconfig = put("config", "");
	refuses(ERROR_USAGE, "--kubeconfig: @/config is empty");
	put("config", "\x7f"
		      "ELF\x02\x01");
	refuses(ERROR_USAGE,
		"--kubeconfig: @/config: byte 1: control characters are not allowed");
	put("config", "-----BEGIN CERTIFICATE-----\n");
	refuses(ERROR_USAGE, "--kubeconfig: @/config is not a kubeconfig");
	put("config", "kind: Pod\n");
	refuses(ERROR_USAGE, "--kubeconfig: @/config is not a kubeconfig but a Pod");
	put("config", "a: 1\na: 2\n");
	refuses(ERROR_USAGE,
		"--kubeconfig: @/config:2:1: duplicate key \"a\", first on line 1");
	put("config", "users: {a: b}\n");
	refuses(ERROR_USAGE, "--kubeconfig: @/config:1:8: users is not a list");
	assert_int_equal(truncate(in("config"), 100 << 20), 0);
	refuses(ERROR_USAGE, "--kubeconfig: @/config is larger than 4 MiB");
}

static void names_that_are_not_there(void **state)
{
	(void)state;
	use_user("token: abc");
	options.context = "z";
	refuses(ERROR_USAGE, "no context \"z\" in @/config; it has: x");
	options.context = NULL;
	options.cluster = "z";
	refuses(ERROR_USAGE, "no cluster \"z\" in @/config; it has: c");
	options.cluster = NULL;
	put("config",
	    "contexts: [{name: x, context: {cluster: c, user: u}}, {name: b}]\n"
	    "clusters: [{name: c, cluster: {server: 'https://h'}}, {name: d}]\n");
	refuses(ERROR_USAGE,
		"@/config has no current-context; choose one with --context: x, b");
	options.context = "x";
	refuses(ERROR_USAGE, "context \"x\": no user \"u\" in @/config; it has: none");
	options.context = "b";
	refuses(ERROR_USAGE, "context \"b\" of @/config names no cluster");
	options.cluster = "d";
	refuses(ERROR_USAGE, "cluster \"d\" of @/config has no server");
}

static void servers_are_taken_apart(void **state)
{
	(void)state;
	use_cluster("server: 'https://[fd00::1]:6443/k8s/clusters/c-1/'");
	loads();
	assert_string_equal(connection.server, "https://[fd00::1]:6443/k8s/clusters/c-1");
	assert_string_equal(connection.path, "/k8s/clusters/c-1");
	assert_string_equal(connection.host, "fd00::1");
	assert_true(connection.tls);
	use_cluster("server: '127.0.0.1:8080'");
	loads();
	assert_string_equal(connection.server, "http://127.0.0.1:8080");
	assert_null(connection.authorization);
	use_cluster("server: 'https://me:swordfish@h'");
	refuses(ERROR_USAGE,
		"cluster \"c\" of @/config: the server's URL holds a user name");
	use_cluster("server: 'ftp://h'");
	refuses(ERROR_USAGE,
		"cluster \"c\" of @/config: the server's URL is neither https nor http");
	use_cluster("server: 'https://h:x'");
	refuses(ERROR_USAGE, "cluster \"c\" of @/config: the server's URL is not a URL");
	use_cluster("server: \"https://h\\r\\nX: y\"");
	refuses(ERROR_USAGE, "cluster \"c\" of @/config: the server's URL is not a URL");
	use_cluster("server: [a]");
	refuses(ERROR_USAGE, "@/config:2:40: server is not a text");
}

static void a_server_is_enough(void **state)
{
	(void)state;
	options.server = "https://h:6443";
	loads();
	assert_string_equal(connection.source, "--server");
	assert_null(connection.authorization);
	options.token = "abc";
	options.as = "joe";
	loads();
	assert_string_equal(connection.authorization, "Bearer abc");
	assert_string_equal(connection.impersonation.user, "joe");
	options.server = "https://h:x";
	refuses(ERROR_USAGE, "--server: the server's URL is not a URL");
}

static void clusters_say_how_to_connect(void **state)
{
	(void)state;
	use_cluster(arena_format(&arena,
				 "server: 'https://h', tls-server-name: n, proxy-url: "
				 "'socks5://me:pw@p:1080', disable-compression: true, "
				 "certificate-authority-data: %s",
				 base64_of("ca.crt")));
	loads();
	assert_string_equal(connection.tls_server_name, "n");
	assert_string_equal(connection.proxy_url, "socks5://me:pw@p:1080");
	assert_true(connection.disable_compression);
	assert_non_null(strstr(connection.ca.data, "BEGIN CERTIFICATE"));
	assert_string_equal(connection.namespace, "default");
	use_cluster("server: 'https://h', proxy-url: 'ftp://secret@p'");
	refuses(ERROR_USAGE, "@/config:2: proxy-url is none of http://, https:// and "
			     "socks5://");
	use_cluster("server: 'https://h', certificate-authority-data: 'YQ'");
	refuses(ERROR_USAGE, "@/config:2:81: certificate-authority-data is not base64");
	use_cluster("server: 'https://h', certificate-authority-data: 'YQ=='");
	refuses(ERROR_USAGE,
		"@/config:2: certificate-authority-data is not a certificate in PEM form");
	use_cluster("server: 'https://h', insecure-skip-tls-verify: 7");
	refuses(ERROR_USAGE,
		"@/config:2:79: insecure-skip-tls-verify is neither true nor false");
	use_cluster("server: 'https://h'");
	options.namespace = "../x";
	refuses(ERROR_USAGE, "\"../x\" is not a namespace");
}

static void certificates_are_checked(void **state)
{
	(void)state;
	use_user("");
	options.client_certificate = data("client.crt");
	options.client_key = data("client.key");
	loads();
	assert_non_null(connection.client_key.data);
	options.client_key = data("other.key");
	refuses(ERROR_USAGE, arena_format(&arena, "%s does not belong to the certificate",
					  options.client_key));
	options.client_key = data("encrypted.key");
	refuses(ERROR_USAGE,
		arena_format(&arena, "%s is encrypted, which is not supported",
			     options.client_key));
	options.client_key = data("ca.crt");
	refuses(ERROR_USAGE, arena_format(&arena, "%s is not a private key in PEM form",
					  options.client_key));
	options.client_key = in("missing");
	refuses(ERROR_USAGE, "cannot read @/missing: No such file or directory");
	options.client_key = NULL;
	refuses(ERROR_USAGE, arena_format(&arena,
					  "%s: a client certificate needs its key: set "
					  "client-key-data, client-key or --client-key",
					  options.client_certificate));
	options.client_certificate = data("client.key");
	refuses(ERROR_USAGE, arena_format(&arena, "%s is not a certificate in PEM form",
					  options.client_certificate));
}

static void data_wins_over_files(void **state)
{
	(void)state;
	use_user(arena_format(&arena,
			      "client-certificate: no, client-key: no, "
			      "client-certificate-data: %s, client-key-data: %s",
			      base64_of("client.crt"), base64_of("client.key")));
	loads();
	assert_non_null(strstr(connection.client_certificate.data, "BEGIN CERTIFICATE"));
	assert_non_null(strstr(connection.client_key.data, "PRIVATE KEY"));
}

static void a_key_may_not_be_readable(void **state)
{
	uid_t was = geteuid();
	const char *key = put("key", "");

	(void)state;
	use_user(arena_format(&arena, "client-certificate: %s, client-key: key",
			      data("client.crt")));
	assert_int_equal(chmod(key, 0), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	if (was == 0) {
		/* as nobody we may not get at the source tree either */
		options.client_certificate = in("crt");
		put("crt", "");
		assert_int_equal(truncate(in("crt"), 0), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	refuses(ERROR_USAGE, "cannot read @/key: Permission denied");
	assert_int_equal(seteuid(was), 0);
}

static void tokens_are_one_line(void **state)
{
	(void)state;
	use_user("token: \"a\\nb\"");
	refuses(ERROR_USAGE, "token holds a line break or control character");
	use_user("tokenFile: none");
	refuses(ERROR_USAGE, "tokenFile: cannot read @/none: No such file or directory");
	put("none", " \n");
	refuses(ERROR_USAGE, "tokenFile @/none is empty");
	put("none", "a\nb\n");
	refuses(ERROR_USAGE, "tokenFile holds a line break or control character");
	use_user("auth-provider: {name: gcp}");
	refuses(ERROR_USAGE, "@/config:3: auth-provider is not supported (nor by kubectl "
			     "since 1.26); use an exec plugin");
	use_user("token: a, password: b");
	refuses(ERROR_USAGE,
		"user \"u\" of @/config has both a token and a password; only "
		"one is allowed");
}

static void impersonation_is_checked(void **state)
{
	struct kube_impersonation *as = &connection.impersonation;

	(void)state;
	use_user("token: a, as: joe, as-groups: [g, h], as-user-extra: {a/b: [x]}");
	loads();
	assert_string_equal(as->user, "joe");
	assert_int_equal(as->groups.count, 2);
	assert_string_equal(as->extras[0].key, "a/b");
	assert_string_equal(as->extras[0].values.items[0], "x");
	use_user("token: a, as: \"joe\\r\\nX: y\"");
	refuses(ERROR_USAGE, "as holds a line break or control character");
	use_user("token: a, as: joe, as-groups: [\"g\\n\"]");
	refuses(ERROR_USAGE, "as-groups holds a line break or control character");
	use_user("token: a, as: joe, as-groups: g");
	refuses(ERROR_USAGE, "@/config:3:56: this is not a list of texts");
	use_user("token: a, as-uid: 7");
	refuses(ERROR_USAGE,
		"impersonating a uid, groups or extras needs a user: add --as");
}

static void use_plugin(const char *more, const char *script)
{
	const char *path = put("plugin", script);

	assert_int_equal(chmod(path, 0700), 0);
	use_user(arena_format(&arena,
			      "exec: {apiVersion: client.authentication.k8s.io/v1, "
			      "interactiveMode: IfAvailable, command: ./plugin, %s}",
			      more));
}

static void plugins_that_fail_say_so(void **state)
{
	(void)state;
	use_plugin("", "#!/bin/sh\necho swordfish; echo 'log in \033[31mfirst' >&2\n"
		       "echo more >&2; exit 3\n");
	refuses(ERROR_SYSTEM,
		"exec plugin of @/config: @/./plugin exited with status 3: log in "
		"\\x1b[31mfirst");
	use_plugin("", "#!/bin/sh\nexec yes\n");
	refuses(ERROR_USAGE,
		"exec plugin of @/config: @/./plugin wrote more than 1048576 bytes");
	use_plugin("", "#!/bin/sh\necho swordfish\n");
	refuses(ERROR_USAGE,
		"the exec plugin ./plugin did not answer with an ExecCredential in JSON");
	use_plugin("installHint: \"get it\\e[m here\"", "");
	assert_int_equal(unlink(in("plugin")), 0);
	refuses(ERROR_USAGE, "no exec plugin ./plugin, which @/config asks for: get "
			     "it\\x1b[m here");
	use_plugin("env: [{value: x}]", "#!/bin/sh\n");
	refuses(ERROR_USAGE, "@/config:3:133: a variable needs a name");
}

static void plugins_of_others_are_not_run_as_root(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	use_plugin(
		"",
		"#!/bin/sh\necho '{\"kind\":\"ExecCredential\",\"apiVersion\":"
		"\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t\"}}'\n");
	loads();
	assert_string_equal(connection.authorization, "Bearer t");
	assert_int_equal(chown(in("config"), 12345, 12345), 0);
	refuses(ERROR_USAGE,
		"@/config belongs to uid 12345: its exec plugin ./plugin is not run as "
		"root; use --token, or a kubeconfig of root or the caller");
	setenv("SUDO_UID", "12345", 1);
	loads();
	setenv("SUDO_UID", "1234", 1);
	assert_false(kubeconfig_load(&options, &arena, &connection, &error));
	setenv("SUDO_UID", "", 1);
	assert_false(kubeconfig_load(&options, &arena, &connection, &error));
	options.token = "given";
	loads();
}

static void secrets_are_wiped(void **state)
{
	const char *authorization, *key, *proxy;

	(void)state;
	options.kubeconfig = put(
		"config",
		config("server: 'https://h', proxy-url: 'http://me:swordfish@p'",
		       arena_format(&arena,
				    "client-certificate: %s, client-key: %s, token: abc",
				    data("client.crt"), data("client.key"))));
	loads();
	authorization = connection.authorization;
	key = connection.client_key.data;
	proxy = connection.proxy_url;
	kube_connection_wipe(&connection);
	assert_int_equal(authorization[0] | authorization[7] | authorization[9], 0);
	assert_int_equal(key[0] | key[100], 0);
	assert_int_equal(proxy[0] | proxy[12], 0);
	assert_null(connection.authorization);
	assert_null(connection.client_key.data);
	kube_connection_wipe(&connection);
}

static void base64_is_strict(void **state)
{
	static const char *const bad[] = {
		"YQ",       "YQ=",   "Y",     "====", "Y===",
		"YQ==YQ==", "YW Jj", "YWJj=", "YQ=a", "YWJ\303"
	};
	struct bytes bytes;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (base64_decode(bad[i], &arena, &bytes))
			fail_msg("%s was taken", bad[i]);
	}
	assert_true(base64_decode("Y\nWJ\r\nj\n", &arena, &bytes));
	assert_string_equal(bytes.data, "abc");
	assert_true(base64_decode("", &arena, &bytes));
	assert_int_equal(bytes.size, 0);
	for (size_t size = 0; size < 70; size++) {
		char text[70];
		struct bytes back;

		for (size_t i = 0; i < size; i++)
			text[i] = (char)(i * 37 + size);
		bytes = (struct bytes){ text, size };
		assert_true(base64_decode(base64_encode(bytes, &arena), &arena, &back));
		assert_int_equal(back.size, size);
		assert_memory_equal(back.data, text, size);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(places_are_tried_in_order),
		TEST(nothing_found_names_the_places),
		TEST(k3s_file_of_root_is_passed_over),
		TEST(a_pod_has_its_service_account),
		TEST(files_that_are_none),
		TEST(names_that_are_not_there),
		TEST(servers_are_taken_apart),
		TEST(a_server_is_enough),
		TEST(clusters_say_how_to_connect),
		TEST(certificates_are_checked),
		TEST(data_wins_over_files),
		TEST(a_key_may_not_be_readable),
		TEST(tokens_are_one_line),
		TEST(impersonation_is_checked),
		TEST(plugins_that_fail_say_so),
		TEST(plugins_of_others_are_not_run_as_root),
		TEST(secrets_are_wiped),
		TEST(base64_is_strict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
