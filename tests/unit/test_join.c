// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include "setting.h"

#include <wasmdiag/text.h>

#include "collect/host_system.h"
#include "collect/join.h"
#include "facts_rows.h"
#include "record.h"

#define SECRET "f00dfeed5ecre7"
#define HASH                                                                              \
	"bf0726b5e6bcf38fd7592c48192a98a7afb3bbd8405e3929f3b4dbe9ff517063" /* of the      \
									      certificate \
									      below */

/* One CA, until 2126. */
static const char certificate[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIBnTCCAUOgAwIBAgIUX4Poa4w8Gou5qFT4Ib8mCTTopFAwCgYIKoZIzj0EAwIw\n"
	"IzEhMB8GA1UEAwwYazNzLXNlcnZlci1jYUAxNzk1NTAwMDAwMCAXDTI2MTEyNDIz\n"
	"NTEwMFoYDzIxMjYxMDMxMjM1MTAwWjAjMSEwHwYDVQQDDBhrM3Mtc2VydmVyLWNh\n"
	"QDE3OTU1MDAwMDAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQYhJL/DEbw3wtb\n"
	"oC17/0vwoUbLVslyqOnNApnNEswOEWrfNfVoxzRXSaHor9E1yQfvHC9GiIiBQ/T0\n"
	"BFSnhhujo1MwUTAdBgNVHQ4EFgQU/+KvYVzKgSdGkNPxFPdorNaGFTgwHwYDVR0j\n"
	"BBgwFoAU/+KvYVzKgSdGkNPxFPdorNaGFTgwDwYDVR0TAQH/BAUwAwEB/zAKBggq\n"
	"hkjOPQQDAgNIADBFAiAZoQEb/qOpnvqZlOLvTncE51vyWwWXKzHjp+zvMdA4LwIh\n"
	"AKlg6iug5QdJWlZ2jA5Ify2Ny5vTH4tg05xHuwFqCCIh\n"
	"-----END CERTIFICATE-----\n";

static void put(struct setting *setting, const char *path, const char *text)
{
	fixture_put(&setting->fixture, path, text);
}

/* ---- tokens ---- */

static void expect_token(const char *text, const char *role, enum token_form form,
			 const char *authorization)
{
	struct arena arena = { 0 };
	struct join_token token;

	join_token_parse(text, role, &arena, &token);
	assert_int_equal(token.form, form);
	if (authorization)
		assert_string_equal(token.authorization, authorization);
	else
		assert_null(token.authorization);
	assert_int_equal(token.ca_hash != NULL, form == TOKEN_FULL);
	arena_free(&arena);
}

static void tokens_have_forms(void **state)
{
	(void)state;
	/* an agent says it is "node", whatever the token says (K3s pkg/agent/run.go) */
	expect_token("K10" HASH "::server:pw", "agent", TOKEN_FULL, "Basic bm9kZTpwdw==");
	expect_token("K10" HASH "::server:pw", "server", TOKEN_FULL,
		     "Basic c2VydmVyOnB3");
	expect_token("K10" HASH "::abcdef.0123456789abcdef", "agent", TOKEN_FULL,
		     "Bearer abcdef.0123456789abcdef");
	expect_token("abcdef.0123456789abcdef", "agent", TOKEN_SHORT,
		     "Bearer abcdef.0123456789abcdef");
	expect_token("ABCDEF.0123456789abcdef", "agent", TOKEN_SHORT,
		     "Basic bm9kZTpBQkNERUYuMDEyMzQ1Njc4OWFiY2RlZg==");
	expect_token("pw", "agent", TOKEN_SHORT, "Basic bm9kZTpwdw==");
	expect_token("K10::server:pw", "agent", TOKEN_SHORT, "Basic bm9kZTpwdw==");
}

static void tokens_that_were_cut(void **state)
{
	(void)state;
	expect_token("", "agent", TOKEN_MALFORMED, NULL);
	expect_token("K10", "agent", TOKEN_MALFORMED, NULL);
	expect_token("K10abc::server:pw", "agent", TOKEN_MALFORMED, NULL);
	expect_token("K10" HASH, "agent", TOKEN_MALFORMED, NULL);
	expect_token("K10" HASH "::server", "agent", TOKEN_MALFORMED, NULL);
	expect_token("K10" HASH "::server:", "agent", TOKEN_MALFORMED, NULL);
	expect_token("K10" HASH "0::server:pw", "agent", TOKEN_MALFORMED, NULL);
}

static void one_certificate_is_hashed_as_it_stands(void **state)
{
	struct arena arena = { 0 };
	struct bytes bytes = { (char *)certificate, strlen(certificate) };

	(void)state;
	assert_string_equal(join_ca_hash(bytes, &arena), HASH);
	bytes.size--; /* K3s's own trap: the last newline counts */
	assert_string_not_equal(join_ca_hash(bytes, &arena), HASH);
	bytes = (struct bytes){ (char *)"no certificate", 14 };
	assert_null(join_ca_hash(bytes, &arena));
	assert_null(join_ca_hash((struct bytes){ 0 }, &arena));
	arena_free(&arena);
}

/* ---- where K3s reads them ---- */

static void the_later_source_wins(void **state)
{
	struct setting setting;
	struct k3s_secrets secrets = { .arena = &setting.arena };
	struct k3s k3s = { 0 };

	(void)state;
	begin(&setting);
	put(&setting, "/etc/rancher/k3s/config.yaml",
	    "server: https://file:6443\ntoken: one\nhttps-listen-port: 7443\n");
	put(&setting, "/etc/default/k3s-agent", "K3S_TOKEN=two\nHTTPS_PROXY=http://p\n");
	put(&setting, "/etc/systemd/system/k3s-agent.service.env",
	    "K3S_TOKEN='three'\nK3S_URL='https://env:6443'\nno_proxy=10.0.0.0/8\n");
	put(&setting, "/etc/systemd/system/k3s-agent.service",
	    "ExecStart=/usr/local/bin/k3s agent -s https://flag:6443\n");
	assert_true(k3s_read(&setting.context, "agent", &k3s, &secrets));
	assert_string_equal(secrets.server.value, "https://flag:6443");
	assert_string_equal(secrets.server.file, "/etc/systemd/system/k3s-agent.service");
	assert_string_equal(secrets.token.value, "three");
	assert_string_equal(secrets.token.file,
			    "/etc/systemd/system/k3s-agent.service.env");
	assert_string_equal(secrets.listen_port.value, "7443");
	assert_string_equal(secrets.https_proxy.file, "/etc/default/k3s-agent");
	assert_string_equal(secrets.no_proxy.value, "10.0.0.0/8");
	end(&setting);
}

static void lay_out_agent(struct setting *setting)
{
	put(setting, "/usr/local/bin/k3s", "");
	put(setting, "/etc/systemd/system/k3s-agent.service",
	    "ExecStart=/usr/local/bin/k3s agent\n");
	put(setting, "/etc/systemd/system/k3s-agent.service.env",
	    "K3S_TOKEN='K10" HASH "::server:" SECRET "'\nK3S_URL='https://127.0.0.1:9'\n"
	    "HTTPS_PROXY=http://user:" SECRET "@proxy:3128\nNO_PROXY=localhost\n");
	put(setting, "/var/lib/rancher/k3s/agent/etc/k3s-agent-load-balancer.json",
	    "{\"ServerURL\":\"https://127.0.0.1:9\","
	    "\"ServerAddresses\":[\"127.0.0.1:9\"],\"Listener\":null}");
}

static void an_agent_and_a_closed_port(void **state)
{
	const struct join *join;
	struct setting setting;
	char *text;
	json_t *json;

	(void)state;
	begin(&setting);
	lay_out_agent(&setting);
	collect_k3s(&setting.context, &setting.host);
	collect_join(&setting.context, &setting.host);
	join = &setting.host.join;
	assert_int_equal(setting.host.source[HOST_JOIN].state, FACT_KNOWN);
	assert_int_equal(join->outcome, JOIN_UNREACHABLE);
	assert_int_equal(join->token, TOKEN_FULL);
	assert_int_equal(join->ca_matches, ANSWER_UNKNOWN);
	assert_int_equal(join->token_status, UNSET);
	assert_true(join->proxy_catches_loopback);
	assert_int_equal(join->balancer_servers.count, 1);
	assert_int_equal(join->balancer_answers, ANSWER_UNKNOWN);
	assert_int_equal(join->port, 6443);
	json = record_save(&host_record, &setting.host);
	text = json_dumps(json, 0);
	assert_null(strstr(text, SECRET));
	assert_null(strstr(text, HASH));
	assert_null(strstr(text, "3128"));
	free(text);
	json_decref(json);
	end(&setting);
}

static void a_password_in_the_url_is_not_kept(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	lay_out_agent(&setting);
	put(&setting, "/etc/rancher/k3s/config.yaml", "token: x\n");
	put(&setting, "/etc/systemd/system/k3s-agent.service.env",
	    "K3S_URL=https://user:" SECRET "@127.0.0.1:9\n");
	collect_k3s(&setting.context, &setting.host);
	collect_join(&setting.context, &setting.host);
	assert_int_equal(setting.host.join.outcome, JOIN_BAD_URL);
	assert_null(strstr(setting.host.join.url, SECRET));
	end(&setting);
}

static void the_first_server_joins_nothing(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	put(&setting, "/etc/systemd/system/k3s.service",
	    "ExecStart=/usr/local/bin/k3s server --https-listen-port 443\n");
	put(&setting, "/var/lib/rancher/k3s/server/db/etcd/name", "");
	collect_k3s(&setting.context, &setting.host);
	collect_join(&setting.context, &setting.host);
	assert_null(setting.host.join.url);
	assert_int_equal(setting.host.join.outcome, JOIN_NOT_ASKED);
	assert_int_equal(setting.host.join.port, 443);
	assert_true(setting.host.join.etcd);
	end(&setting);
}

static void without_k3s_there_is_nothing_to_join(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	collect_join(&setting.context, &setting.host);
	collect_k3s_certificates(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_JOIN].state, FACT_ABSENT);
	assert_int_equal(setting.host.source[HOST_K3S_CERTIFICATES].state, FACT_ABSENT);
	end(&setting);
}

static void a_url_must_be_https(void **state)
{
	static const char *const urls[] = { "http://127.0.0.1:9", "127.0.0.1:9",
					    "https://", "https://user:pw@127.0.0.1:9" };
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
		struct join join = { .url = urls[i] };

		join_probe(&arena, &arena, NULL, &join);
		assert_int_equal(join.outcome, JOIN_BAD_URL);
		assert_non_null(join.error);
	}
	arena_free(&arena);
}

/* ---- the agent's own ---- */

static void balancers_are_read(void **state)
{
	struct arena arena = { 0 };
	struct string_list list;
	char text[] = "{\"ServerURL\":\"https://a:6443\",\"ServerAddresses\":"
		      "[\"10.0.0.1:6443\",7,\"10.0.0.2:6443\"]}";
	struct bytes bytes = { text, strlen(text) };

	(void)state;
	assert_true(join_read_balancer(&arena, bytes, "https://a:6443", &list));
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[1], "10.0.0.2:6443");
	/* K3s ignores what was made for another URL */
	assert_false(join_read_balancer(&arena, bytes, "https://b:6443", &list));
	bytes.size -= 3;
	assert_false(join_read_balancer(&arena, bytes, "https://a:6443", &list));
	arena_free(&arena);
}

static void loopback_is_spared_by(void **state)
{
	static const char *const spare[] = { "127.0.0.0/8", "10.0.0.0/8,127.0.0.1", "*",
					     "localhost, 127.0.0.0/8", "0.0.0.0/0" };
	static const char *const catch[] = { NULL,         "",          "localhost",
					     "10.0.0.0/8", "127.0.0.2", "127.0.1.0/24",
					     "127.0.0.0/x" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(spare); i++)
		assert_true(join_spares_loopback(spare[i]));
	for (size_t i = 0; i < ARRAY_SIZE(catch); i++)
		assert_false(join_spares_loopback(catch[i]));
}

/* ---- certificates and controllers ---- */

static void certificates_are_found(void **state)
{
	struct setting setting;
	const struct k3s_certificate *found;

	(void)state;
	begin(&setting);
	lay_out_agent(&setting);
	put(&setting, "/var/lib/rancher/k3s/agent/server-ca.crt", certificate);
	put(&setting, "/var/lib/rancher/k3s/agent/client-kubelet.crt", "rubbish");
	put(&setting, "/var/lib/rancher/k3s/agent/client-kubelet.key", "secret");
	put(&setting, "/var/lib/rancher/k3s/server/tls/etcd/client.crt", certificate);
	collect_k3s(&setting.context, &setting.host);
	collect_k3s_certificates(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_K3S_CERTIFICATES].state, FACT_KNOWN);
	assert_int_equal(setting.host.k3s_certificate_count, 3);
	found = setting.host.k3s_certificates;
	assert_string_equal(found[0].path,
			    "/var/lib/rancher/k3s/agent/client-kubelet.crt");
	assert_non_null(found[0].error);
	assert_int_equal(found[0].not_after, UNSET);
	assert_true(found[1].authority);
	assert_int_equal(found[1].not_after, INT64_C(4949164260));
	assert_false(found[2].authority);
	end(&setting);
}

static bool has_controller(const struct host *host, const char *name)
{
	for (size_t i = 0; i < host->cgroup_controllers.count; i++)
		if (text_equal(host->cgroup_controllers.items[i], name))
			return true;
	return false;
}

static void controllers_of_v2(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	setting.host.cgroups = "v2";
	put(&setting, "/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
	/* of v1: says of v2 controllers only that they are mounted elsewhere */
	put(&setting, "/proc/cgroups",
	    "#subsys_name\thierarchy\tnum_cgroups\tenabled\nfreezer\t7\t1\t1\n");
	collect_cgroups(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_CGROUPS].state, FACT_KNOWN);
	assert_int_equal(setting.host.cgroup_controllers.count, 5);
	assert_true(has_controller(&setting.host, "pids"));
	assert_false(has_controller(&setting.host, "freezer"));
	end(&setting);
}

static void controllers_of_hybrid(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	setting.host.cgroups = "hybrid";
	put(&setting, "/sys/fs/cgroup/unified/cgroup.controllers", "io\n");
	put(&setting, "/proc/cgroups",
	    "#subsys_name\thierarchy\tnum_cgroups\tenabled\n"
	    "cpu\t3\t70\t1\nmemory\t0\t70\t0\npids\t8\t7\t1\nhugetlb\t0\t1\t1\n");
	collect_cgroups(&setting.context, &setting.host);
	assert_true(has_controller(&setting.host, "cpu"));
	assert_true(has_controller(&setting.host, "pids"));
	assert_true(has_controller(&setting.host, "io"));
	assert_false(has_controller(&setting.host, "memory"));
	assert_false(has_controller(&setting.host, "hugetlb"));
	end(&setting);
}

static void without_lists_controllers_are_not_known(void **state)
{
	struct setting setting;

	(void)state;
	begin(&setting);
	collect_cgroups(&setting.context, &setting.host);
	assert_int_equal(setting.host.source[HOST_CGROUPS].state, FACT_FAILED);
	end(&setting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_have_forms),
		cmocka_unit_test(tokens_that_were_cut),
		cmocka_unit_test(one_certificate_is_hashed_as_it_stands),
		cmocka_unit_test(the_later_source_wins),
		cmocka_unit_test(an_agent_and_a_closed_port),
		cmocka_unit_test(a_password_in_the_url_is_not_kept),
		cmocka_unit_test(the_first_server_joins_nothing),
		cmocka_unit_test(without_k3s_there_is_nothing_to_join),
		cmocka_unit_test(a_url_must_be_https),
		cmocka_unit_test(balancers_are_read),
		cmocka_unit_test(loopback_is_spared_by),
		cmocka_unit_test(certificates_are_found),
		cmocka_unit_test(controllers_of_v2),
		cmocka_unit_test(controllers_of_hybrid),
		cmocka_unit_test(without_lists_controllers_are_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
