// SPDX-License-Identifier: Apache-2.0
/* What checks call: findings come in, verdicts come out. */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>

#include <wasmdiag/text.h>

#include "fold.h"
#include "policy.h"

const char *const verdict_names[VERDICT_COUNT] = {
	[VERDICT_PASS] = "pass",       [VERDICT_WARN] = "warn", [VERDICT_FAIL] = "fail",
	[VERDICT_UNKNOWN] = "unknown", [VERDICT_SKIP] = "skip",
};

const char *const severity_names[SEVERITY_COUNT] = {
	[SEVERITY_INFO] = "info",
	[SEVERITY_WARN] = "warn",
	[SEVERITY_FAIL] = "fail",
};

int64_t report_now(const struct report *report)
{
	return report->facts->taken == UNSET ? 0 : report->facts->taken;
}

int64_t report_threshold(const struct report *report, enum threshold threshold)
{
	return report->policy ? report->policy->thresholds[threshold]
			      : threshold_rows[threshold].value;
}

const char *report_text(struct report *report, const char *format, ...)
{
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = arena_vformat(report->arena, format, arguments);
	va_end(arguments);
	return text;
}

/* ---- findings ---- */

#define FEW           16 /* witnesses are searched from the front */
#define EVIDENCE_KEPT 32 /* nobody reads more; who suffers is among the witnesses */

static bool same_subject(const struct subject *a, const struct subject *b)
{
	return text_equal(a->kind, b->kind) && text_equal(a->name, b->name) &&
	       text_equal(a->namespace, b->namespace);
}

static uint64_t hash_subject(uint64_t hash, const struct subject *subject)
{
	hash = hash_text(hash, subject->kind);
	return hash_text(hash_text(hash, subject->namespace), subject->name);
}

/* Facts from strangers may lack a name: nobody knows then whether two are the same. */
static bool has_name(const struct subject *subject)
{
	return subject->kind && subject->name;
}

static struct subject copy_subject(struct arena *arena, struct subject subject)
{
	return (struct subject){
		arena_string(arena, text_or_empty(subject.kind)),
		arena_string(arena, subject.namespace),
		arena_string(arena, text_or_empty(subject.name)),
	};
}

/* The placeholder that a subject's name fills. */
static const char *key_of_kind(const char *kind)
{
	static const struct {
		const char *kind, *key;
	} rows[] = {
		{ "Node", "node" },
		{ "Pod", "pod" },
		{ "RuntimeClass", "runtime_class" },
		{ "Service", "service" },
		{ "ValidatingWebhookConfiguration", "configuration" },
		{ "MutatingWebhookConfiguration", "configuration" },
		{ "APIService", "api_service" },
		{ "HorizontalPodAutoscaler", "autoscaler" },
		{ "PersistentVolumeClaim", "claim" },
		{ "StorageClass", "storage_class" },
		{ "ScaledObject", "scaled_object" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (text_equal(rows[i].kind, kind))
			return rows[i].key;
	return "name";
}

static struct finding *add_finding(struct report *report, const struct guide *guide,
				   struct subject subject)
{
	struct finding *finding = arena_alloc(report->arena, sizeof(*finding));

	*finding = (struct finding){
		.guide = guide,
		.check = report->current->check,
		.severity = guide->severity,
		.subject = copy_subject(report->arena, subject),
		.report = report,
	};
	report->findings = arena_grow(report->arena, report->findings,
				      report->finding_count, sizeof(*report->findings));
	report->findings[report->finding_count++] = finding;
	finding_value(finding, key_of_kind(finding->subject.kind), "%s",
		      finding->subject.name);
	finding_value(finding, "kind", "%s", finding->subject.kind);
	if (finding->subject.namespace)
		finding_value(finding, "namespace", "%s", finding->subject.namespace);
	return finding;
}

struct finding *report_finding(struct report *report, const struct guide *guide,
			       struct subject subject)
{
	size_t cursor = 0, place;
	uint64_t hash = hash_subject(hash_text(HASH_START, guide->code), &subject);

	while ((place = hash_next(&report->finding_table, hash, &cursor)) !=
	       HASH_NOWHERE) {
		struct finding *finding = report->findings[place];

		if (finding->check == report->current->check && finding->guide == guide &&
		    same_subject(&finding->subject, &subject))
			return finding;
	}
	if (has_name(&subject))
		hash_add(&report->finding_table, report->arena, hash,
			 report->finding_count);
	return add_finding(report, guide, subject);
}

const char *finding_get(const struct finding *finding, const char *key)
{
	const struct value *value = finding->values;

	while (value && !text_equal(value->key, key))
		value = value->older;
	return value ? value->text : NULL;
}

/* Values stand in the middle of sentences and commands: one line, unless it is YAML that
 * the check made itself. */
static const char *value_text(struct arena *arena, const char *key, const char *text)
{
	size_t size = strlen(text) * 8 + 1;
	char few[4096], *harmless = few;

	if (text_equal(key, "rules"))
		return arena_string(arena, text);
	if (size > sizeof(few))
		harmless = arena_alloc(arena, size);
	text_escape(text, strlen(text), harmless, size);
	return harmless == few ? arena_string(arena, few) : harmless;
}

static const char *__attribute__((format(printf, 3, 0)))
format_value(struct arena *arena, const char *key, const char *format, va_list arguments)
{
	char few[512];
	va_list again;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(few, sizeof(few), format, again);
	va_end(again);
	if (length >= 0 && (size_t)length < sizeof(few))
		return value_text(arena, key, few);
	return value_text(arena, key, arena_vformat(arena, format, arguments));
}

void finding_value(struct finding *finding, const char *key, const char *format, ...)
{
	struct arena *arena = finding->report->arena;
	struct value *value;
	va_list arguments;

	if (finding_get(finding, key))
		return;
	value = arena_alloc(arena, sizeof(*value));
	va_start(arguments, format);
	*value = (struct value){ finding->values, key,
				 format_value(arena, key, format, arguments) };
	va_end(arguments);
	finding->values = value;
}

static bool same_evidence(const struct evidence *a, const struct evidence *b)
{
	return text_equal(a->what, b->what) && text_equal(a->actual, b->actual) &&
	       text_equal(a->expected, b->expected) && text_equal(a->source, b->source);
}

void finding_saw(struct finding *finding, const char *what, const char *actual,
		 const char *expected, const char *source)
{
	struct arena *arena = finding->report->arena;
	struct evidence evidence = { what, actual, expected, source };

	if (finding->evidence_count == EVIDENCE_KEPT)
		return;
	for (size_t i = 0; i < finding->evidence_count; i++)
		if (same_evidence(&finding->evidence[i], &evidence))
			return;
	evidence =
		(struct evidence){ arena_string(arena, what), arena_string(arena, actual),
				   arena_string(arena, expected),
				   arena_string(arena, source) };
	finding->evidence = arena_grow(arena, finding->evidence, finding->evidence_count,
				       sizeof(*finding->evidence));
	finding->evidence[finding->evidence_count++] = evidence;
}

size_t finding_seen(const struct finding *finding)
{
	return finding->evidence_count;
}

/* They are many by now, or were sorted since. */
static void index_witnesses(struct finding *finding)
{
	finding->witness_table = (struct hash_table){ 0 };
	for (size_t i = 0; i < finding->witness_count; i++)
		hash_add(&finding->witness_table, finding->report->arena,
			 hash_subject(HASH_START, &finding->witnesses[i]), i);
}

static bool has_witness(struct finding *finding, const struct subject *subject,
			uint64_t hash)
{
	size_t cursor = 0, place;

	if (finding->witness_count < FEW) {
		for (size_t i = 0; i < finding->witness_count; i++)
			if (same_subject(&finding->witnesses[i], subject))
				return true;
		return false;
	}
	if (finding->witness_table.count != finding->witness_count)
		index_witnesses(finding);
	while ((place = hash_next(&finding->witness_table, hash, &cursor)) !=
	       HASH_NOWHERE)
		if (same_subject(&finding->witnesses[place], subject))
			return true;
	return false;
}

void finding_witness(struct finding *finding, struct subject subject)
{
	struct arena *arena = finding->report->arena;
	uint64_t hash = hash_subject(HASH_START, &subject);

	if (same_subject(&finding->subject, &subject) ||
	    has_witness(finding, &subject, hash))
		return;
	if (!has_name(&subject))
		hash = finding->witness_count; /* one of its own */
	if (finding->witness_table.count)
		hash_add(&finding->witness_table, arena, hash, finding->witness_count);
	finding->witnesses = arena_grow(arena, finding->witnesses, finding->witness_count,
					sizeof(*finding->witnesses));
	finding->witnesses[finding->witness_count++] = copy_subject(arena, subject);
}

void finding_severity(struct finding *finding, enum severity severity)
{
	finding->severity = severity;
}

/* ---- verdicts ---- */

static bool is_root(const struct finding *finding, const struct check *check,
		    enum severity severity)
{
	return finding->check == check && finding_is_open(finding) &&
	       finding->severity == severity;
}

static bool has_root(const struct report *report, const struct check *check,
		     enum severity severity)
{
	for (size_t i = 0; i < report->finding_count; i++)
		if (is_root(report->findings[i], check, severity))
			return true;
	return false;
}

/* The root of an echo this check has; NULL when it has none. */
static const struct finding *first_echo(const struct report *report,
					const struct check *check)
{
	for (size_t i = 0; i < report->finding_count; i++)
		if (report->findings[i]->check == check && report->findings[i]->because)
			return report->findings[i];
	return NULL;
}

/* What it found follows from something else: say from what. */
static void explain_echo(struct report *report, const struct finding *echo)
{
	const char *root = echo->because->guide->code, *code = echo->guide->code;

	report_reason(
		report,
		(struct words){ {
			arena_format(report->arena, "%s follows from %s", code, root),
			arena_format(report->arena, "%s 由 %s 引起", code, root),
		} },
		NULL);
}

static enum verdict judge(struct report *report, struct check_result *result)
{
	const struct finding *echo = first_echo(report, result->check);

	if (has_root(report, result->check, SEVERITY_FAIL))
		return VERDICT_FAIL;
	if (result->incomplete)
		return VERDICT_UNKNOWN;
	if (has_root(report, result->check, SEVERITY_WARN))
		return VERDICT_WARN;
	if (echo) {
		explain_echo(report, echo);
		return VERDICT_SKIP;
	}
	if (result->verdict == VERDICT_SKIP || !result->knew)
		return VERDICT_SKIP;
	return VERDICT_PASS;
}

static void settle(struct report *report)
{
	static const enum verdict worst_first[] = { VERDICT_FAIL, VERDICT_UNKNOWN,
						    VERDICT_WARN, VERDICT_PASS,
						    VERDICT_SKIP };

	memset(report->counts, 0, sizeof(report->counts));
	for (size_t i = 0; i < report->result_count; i++) {
		report->current = &report->results[i];
		report->results[i].verdict = judge(report, &report->results[i]);
		report->counts[report->results[i].verdict]++;
	}
	report->verdict = VERDICT_SKIP;
	for (size_t i = ARRAY_SIZE(worst_first); i > 0; i--)
		if (report->counts[worst_first[i - 1]])
			report->verdict = worst_first[i - 1];
}

static const struct words no_host_words[HOST_ABSENCE_COUNT] = {
	[HOST_REFUSED] = { { "--no-host was given", "指定了 --no-host" } },
	[HOST_NO_NODE] = { { "this machine is not a Kubernetes node",
			     "本机不是 Kubernetes 节点" } },
};

/* A check that wants a host where there is none says why it saw none. */
static void note_missing_host(struct report *report)
{
	const struct check_result *result = report->current;

	if (result->check->host_needs && report->facts->host_count == 0 &&
	    report->facts->no_host != HOST_NOT_SOUGHT)
		report_reason(report, no_host_words[report->facts->no_host], NULL);
}

static const struct words only_node_words = { {
	"about the whole cluster, and this run asked about its own node alone (--scope "
	"cluster asks about all)",
	"针对整个集群，而本次只查询了本节点（--scope cluster 查询整个集群）",
} };

/* Of a part of the cluster it would say what is true of the whole only. */
static bool is_out_of_scope(const struct check *check, const struct facts *facts)
{
	return check->reach == REACH_CLUSTER && facts->only_nodes.count > 0;
}

void report_make(struct report *report, const struct check *const *checks,
		 const struct facts *facts, struct arena *arena)
{
	size_t count = 0;

	report->arena = arena;
	report->facts = facts;
	while (checks[count])
		count++;
	report->results = arena_array(arena, count, sizeof(*report->results));
	report->result_count = count;
	for (size_t i = 0; i < count; i++) {
		report->current = &report->results[i];
		report->current->check = checks[i];
		if (is_out_of_scope(checks[i], facts)) {
			report_skip(report, &only_node_words);
			continue;
		}
		checks[i]->run(facts, report);
		note_missing_host(report);
	}
	if (report->policy)
		policy_apply(report->policy, report);
	fold_echoes(report);
	settle(report);
	sort_findings(report);
}

size_t report_suppressed(const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->finding_count; i++)
		count +=
			report->findings[i]->suppression && !report->findings[i]->because;
	return count;
}

void report_keep(struct report *report,
		 bool (*keep)(const struct finding *finding, const void *context),
		 const void *context)
{
	size_t kept = 0;

	for (size_t i = 0; i < report->finding_count; i++)
		if (keep(report->findings[i], context))
			report->findings[kept++] = report->findings[i];
	report->finding_count = kept;
	settle(report);
}

static bool is_listed(const struct finding *finding, const void *codes)
{
	for (const char *const *code = codes; *code; code++)
		if (text_equal(*code, finding->guide->code))
			return true;
	return false;
}

void report_keep_codes(struct report *report, const char *const *codes)
{
	report_keep(report, is_listed, codes);
}

int report_exit_status(const struct report *report, enum fail_on fail_on,
		       bool allow_unknown)
{
	bool warns = false, incomplete = false, knew = false;

	if (fail_on == FAIL_ON_NEVER)
		return 0;
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct finding *finding = report->findings[i];

		if (!finding_is_open(finding))
			continue;
		if (finding->severity == SEVERITY_FAIL)
			return 3;
		warns |= finding->severity == SEVERITY_WARN;
	}
	for (size_t i = 0; i < report->result_count; i++) {
		incomplete |= report->results[i].incomplete;
		knew |= report->results[i].knew;
	}
	if (warns && fail_on != FAIL_ON_FAIL)
		return 4;
	if (incomplete && (!allow_unknown || fail_on == FAIL_ON_UNKNOWN))
		return 5;
	return knew || allow_unknown ? 0 : 5;
}
