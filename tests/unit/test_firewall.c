// SPDX-License-Identifier: Apache-2.0
#include "test.h"

#include <stdio.h>

#include <wasmdiag/text.h>

#include "collect/firewall.h"

static const char *own[] = { "192.168.1.10", "10.42.0.1", "fd00::1" };

static struct firewall judge(struct arena *arena, const char *rules)
{
	struct host host = { .addresses = { own, 3 } };

	firewall_read_iptables(arena, arena_string(arena, rules), &host);
	return host.firewall;
}

static void expect(const char *rules, enum answer open, const char *rule)
{
	struct arena arena = { 0 };
	struct firewall firewall = judge(&arena, rules);

	assert_int_equal(firewall.udp_8472_open, open);
	if (rule)
		assert_string_equal(firewall.rule, rule);
	else
		assert_null(firewall.rule);
	arena_free(&arena);
}

static void expect_tcp(const char *rules, enum answer open)
{
	struct arena arena = { 0 };
	struct tcp_port port = { .port = 6443 };
	struct host host = { .addresses = { own, 3 },
			     .tcp_ports = &port,
			     .tcp_port_count = 1 };

	firewall_read_iptables(&arena, arena_string(&arena, rules), &host);
	assert_int_equal(port.open, open);
	assert_int_equal(port.rule != NULL, open == ANSWER_NO);
	arena_free(&arena);
}

static void tcp_ports_are_judged_by_themselves(void **state)
{
	(void)state;
	expect_tcp("-P INPUT DROP\n-A INPUT -p udp -m udp --dport 6443 -j ACCEPT\n",
		   ANSWER_NO);
	expect_tcp("-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 6443 -j ACCEPT\n",
		   ANSWER_YES);
	expect_tcp(
		"-P INPUT DROP\n-A INPUT -p tcp -m multiport --dports 80,6443 -j ACCEPT\n",
		ANSWER_YES);
	expect_tcp("-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 6443 -j REJECT\n",
		   ANSWER_NO);
	expect_tcp("-P INPUT ACCEPT\n-A INPUT -p udp -j DROP\n", ANSWER_YES);
	/* the first packet of a connection: SYN, and nothing else */
	expect_tcp(
		"-P INPUT DROP\n-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT\n",
		ANSWER_YES);
	expect_tcp(
		"-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -j DROP\n",
		ANSWER_YES);
	expect_tcp(
		"-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --tcp-flags SYN,RST SYN,RST -j DROP\n",
		ANSWER_YES);
	expect_tcp(
		"-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --tcp-flags FIN,PSH,URG NONE -j DROP\n",
		ANSWER_NO);
	expect_tcp(
		"-P INPUT DROP\n-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 6443 -j ACCEPT\n",
		ANSWER_UNKNOWN);
}

static void the_policy_decides_last(void **state)
{
	(void)state;
	expect("-P INPUT ACCEPT\n-P FORWARD DROP\n", ANSWER_YES, NULL);
	expect("-P INPUT DROP\n-P FORWARD ACCEPT\n", ANSWER_NO, "-P INPUT DROP");
	expect("-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n"
	       "-A INPUT -i lo -j ACCEPT\n"
	       "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n",
	       ANSWER_NO, "-P INPUT DROP");
	expect("-P INPUT DROP\n-A INPUT -p udp -m udp --dport 8472 -j ACCEPT\n",
	       ANSWER_YES, NULL);
	expect("-P INPUT DROP\n-A INPUT -p udp -m multiport --dports 53,8000:9000 -j ACCEPT\n",
	       ANSWER_YES, NULL);
	expect("", ANSWER_UNKNOWN, NULL);
	expect("garbage\n-A\n-A INPUT\n-P\n", ANSWER_UNKNOWN, NULL);
}

static void a_rule_that_names_the_port(void **state)
{
	(void)state;
	expect("-P INPUT ACCEPT\n-A INPUT -p udp -m udp --dport 8472 -j DROP\n",
	       ANSWER_NO, "-A INPUT -p udp -m udp --dport 8472 -j DROP");
	expect("-P INPUT ACCEPT\n-A INPUT -j REJECT --reject-with icmp-port-unreachable\n",
	       ANSWER_NO, "-A INPUT -j REJECT --reject-with icmp-port-unreachable");
	expect("-P INPUT ACCEPT\n-A INPUT -p udp -m udp --dport 8473 -j DROP\n",
	       ANSWER_YES, NULL);
	expect("-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 8472 -j DROP\n",
	       ANSWER_YES, NULL);
	/* the first that decides counts */
	expect("-P INPUT DROP\n-A INPUT -p udp -m udp --dport 8472 -j LOG\n"
	       "-A INPUT -p udp -m udp --dport 8472 -j ACCEPT\n-A INPUT -j DROP\n",
	       ANSWER_YES, NULL);
	expect("-P INPUT ACCEPT\n-A INPUT ! -p tcp -j DROP\n", ANSWER_NO,
	       "-A INPUT ! -p tcp -j DROP");
}

static void what_may_match_is_not_known(void **state)
{
	(void)state;
	expect("-P INPUT DROP\n-A INPUT -s 192.168.1.0/24 -j ACCEPT\n", ANSWER_UNKNOWN,
	       NULL);
	expect("-P INPUT ACCEPT\n-A INPUT -s 10.0.0.0/8 -j DROP\n", ANSWER_UNKNOWN, NULL);
	expect("-P INPUT ACCEPT\n-A INPUT -m set --match-set bad src -j DROP\n",
	       ANSWER_UNKNOWN, NULL);
	expect("-P INPUT ACCEPT\n-A INPUT -j NFQUEUE --queue-num 0\n", ANSWER_UNKNOWN,
	       NULL);
	expect("-P INPUT ACCEPT\n-A INPUT -d 192.168.1.10/32 -j DROP\n", ANSWER_UNKNOWN,
	       NULL);
	/* one that might, then one that does: no answer may be given */
	expect("-P INPUT DROP\n-A INPUT -i eth0 -j ACCEPT\n-A INPUT -p udp -j DROP\n",
	       ANSWER_UNKNOWN, NULL);
}

/* what K3s and kube-proxy lay out on every healthy node */
static void kubernetes_chains_do_not_disturb(void **state)
{
	(void)state;
	expect("-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n"
	       "-N KUBE-EXTERNAL-SERVICES\n-N KUBE-FIREWALL\n-N KUBE-NODEPORTS\n"
	       "-N KUBE-PROXY-FIREWALL\n-N KUBE-ROUTER-INPUT\n-N KUBE-POD-FW-ABC\n"
	       "-A INPUT -m comment --comment \"kube-router netpol - 4IA2OSFRMVNDXBVV\" "
	       "-j KUBE-ROUTER-INPUT\n"
	       "-A INPUT -m conntrack --ctstate NEW -m comment --comment \"kubernetes "
	       "load balancer firewall\" -j KUBE-PROXY-FIREWALL\n"
	       "-A INPUT -m comment --comment \"kubernetes health check service ports\" "
	       "-j KUBE-NODEPORTS\n"
	       "-A INPUT -m conntrack --ctstate NEW -m comment --comment \"kubernetes "
	       "externally-visible service portals\" -j KUBE-EXTERNAL-SERVICES\n"
	       "-A INPUT -j KUBE-FIREWALL\n"
	       "-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment \"x -j DROP has no "
	       "endpoints\" -m addrtype --dst-type LOCAL -m tcp --dport 31234 -j REJECT "
	       "--reject-with icmp-port-unreachable\n"
	       "-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "
	       "\"block incoming localnet connections\" -m conntrack ! --ctstate "
	       "RELATED,ESTABLISHED,DNAT -j DROP\n"
	       "-A KUBE-FIREWALL -m comment --comment \"dropping marked packets\" -m mark "
	       "--mark 0x8000/0x8000 -j DROP\n"
	       "-A KUBE-ROUTER-INPUT -d 10.43.0.0/16 -m comment --comment \"allow\" -j "
	       "RETURN\n"
	       "-A KUBE-ROUTER-INPUT -p udp -m addrtype --dst-type LOCAL -m multiport "
	       "--dports 30000:32767 -j RETURN\n"
	       "-A KUBE-ROUTER-INPUT -d 10.42.0.7/32 -j KUBE-POD-FW-ABC\n"
	       "-A KUBE-POD-FW-ABC -j REJECT --reject-with icmp-port-unreachable\n",
	       ANSWER_YES, NULL);
}

/* ufw's layout, default deny, with what its users add */
static void ufw_is_followed(void **state)
{
	const char *rules =
		"-P INPUT DROP\n-N ufw-before-input\n-N ufw-not-local\n-N ufw-user-input\n"
		"-N ufw-track-input\n"
		"-A INPUT -j ufw-before-input\n-A INPUT -j ufw-track-input\n"
		"-A ufw-before-input -i lo -j ACCEPT\n"
		"-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
		"-A ufw-before-input -m conntrack --ctstate INVALID -j DROP\n"
		"-A ufw-before-input -p icmp -m icmp --icmp-type 8 -j ACCEPT\n"
		"-A ufw-before-input -p udp -m udp --sport 67 --dport 68 -j ACCEPT\n"
		"-A ufw-before-input -j ufw-not-local\n"
		"-A ufw-before-input -d 224.0.0.251/32 -p udp -m udp --dport 5353 -j ACCEPT\n"
		"-A ufw-before-input -j ufw-user-input\n"
		"-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN\n"
		"-A ufw-not-local -j DROP\n";
	char with[4096];

	(void)state;
	expect(rules, ANSWER_NO, "-P INPUT DROP");
	snprintf(with, sizeof(with), "%s%s", rules,
		 "-A ufw-user-input -p udp -m udp --dport 8472 -j ACCEPT\n");
	expect(with, ANSWER_YES, NULL);
	snprintf(with, sizeof(with), "%s%s", rules,
		 "-A ufw-user-input -s 192.168.1.0/24 -j ACCEPT\n");
	expect(with, ANSWER_UNKNOWN, NULL);
}

static void loops_of_chains_end(void **state)
{
	(void)state;
	expect("-P INPUT ACCEPT\n-A INPUT -j A\n-A A -j B\n-A B -j A\n", ANSWER_UNKNOWN,
	       NULL);
	expect("-P INPUT ACCEPT\n-A INPUT -j A\n-A A -j A\n-A A -j A\n-A A -j A\n",
	       ANSWER_UNKNOWN, NULL);
}

static void nft_tables_of_others(void **state)
{
	(void)state;
	assert_false(firewall_nft_may_close("{\"nftables\":[]}"));
	assert_false(firewall_nft_may_close(
		"{\"nftables\":[{\"chain\":{\"family\":\"ip\",\"table\":\"filter\","
		"\"name\":\"INPUT\",\"hook\":\"input\",\"policy\":\"drop\"}}]}"));
	assert_true(firewall_nft_may_close(
		"{\"nftables\":[{\"chain\":{\"family\":\"inet\",\"table\":\"t\","
		"\"name\":\"in\",\"hook\":\"input\",\"policy\":\"drop\"}}]}"));
	assert_false(firewall_nft_may_close(
		"{\"nftables\":[{\"chain\":{\"family\":\"inet\",\"table\":\"t\","
		"\"name\":\"in\",\"hook\":\"input\",\"policy\":\"accept\"}}]}"));
	assert_true(firewall_nft_may_close(
		"{\"nftables\":[{\"chain\":{\"family\":\"inet\",\"table\":\"t\","
		"\"name\":\"in\",\"hook\":\"input\",\"policy\":\"accept\"}},"
		"{\"rule\":{\"family\":\"inet\",\"table\":\"t\",\"chain\":\"in\"}}]}"));
	assert_true(firewall_nft_may_close("not json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_ports_are_judged_by_themselves),
		cmocka_unit_test(the_policy_decides_last),
		cmocka_unit_test(a_rule_that_names_the_port),
		cmocka_unit_test(what_may_match_is_not_known),
		cmocka_unit_test(kubernetes_chains_do_not_disturb),
		cmocka_unit_test(ufw_is_followed),
		cmocka_unit_test(loops_of_chains_end),
		cmocka_unit_test(nft_tables_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
