// SPDX-License-Identifier: Apache-2.0
/* The five steps of the guide's 11.7 on one screen. */
#include "pod_text.h"

#include <inttypes.h>

#include <wasmdiag/text.h>

#define EVENTS_SHOWN 10
#define LINES_SHOWN  10

/* What a line or event points to. */
static void say_meaning(const struct pod_text *context, const struct guide *guide)
{
	fprintf(context->printer.out, "%*s", POD_INDENT + 2, "");
	print_color(&context->printer,
		    guide->severity == SEVERITY_FAIL ? COLOR_RED : COLOR_YELLOW,
		    arena_format(context->arena, "^ %s", guide->code));
	fputc(' ', context->printer.out);
	print_text(&context->printer, say(context->options, &guide->title), 200);
	fputc('\n', context->printer.out);
}

static void say_note(const struct pod_text *context, const char *note)
{
	fprintf(context->printer.out, "%*s", POD_INDENT + 2, "");
	print_color(&context->printer, COLOR_DIM,
		    arena_format(context->arena, "^ %s", note));
	fputc('\n', context->printer.out);
}

/* ---- 1 state ---- */

static const char *status_of(const struct container_status *statuses, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (statuses[i].waiting_reason)
			return statuses[i].waiting_reason;
	for (size_t i = 0; i < count; i++)
		if (statuses[i].now.exit_code != UNSET && statuses[i].now.reason)
			return statuses[i].now.reason;
	return NULL;
}

const char *pod_status(const struct pod_story *story)
{
	const struct pod *pod = story->pod;
	const char *status = NULL;

	if (!pod)
		return "gone";
	if (pod->deleted != UNSET)
		return "Terminating";
	if (!text_equal(pod->phase, "Running") && !text_equal(pod->phase, "Succeeded"))
		status = status_of(pod->init_statuses, pod->init_status_count);
	if (!status || text_equal(status, "PodInitializing") ||
	    text_equal(status, "Completed"))
		status = status_of(pod->statuses, pod->status_count);
	if (!status)
		status = pod->reason ? pod->reason : pod->phase;
	return text_or_empty(status);
}

/* ", TEXT VALUE" when there is a value. */
static const char *with(const struct pod_text *context, const char *sentence,
			const char *text, const char *value)
{
	if (!value)
		return sentence;
	return arena_format(context->arena, "%s%s%s%s", sentence,
			    *sentence ? PICK(context, ", ", "，") : "", text, value);
}

static void say_pod(const struct pod_text *context, const struct pod *pod)
{
	const char *text = "";

	text = with(context, text, PICK(context, "phase ", "阶段 "), pod->phase);
	text = with(context, text, PICK(context, "age ", "已创建 "),
		    pod->created == UNSET ? NULL : pod_age(context, pod->created));
	text = with(context, text, PICK(context, "node ", "节点 "), pod->node);
	text = with(context, text, "IP ", pod->ip);
	text = with(context, text, "RuntimeClass ", pod->runtime_class);
	text = with(context, text, "restartPolicy ", pod->restart_policy);
	if (pod->owner_count)
		text = with(context, text, PICK(context, "owner ", "所有者 "),
			    arena_format(context->arena, "%s/%s",
					 text_or_empty(pod->owners[0].kind),
					 text_or_empty(pod->owners[0].name)));
	pod_line(context, COLOR_NONE, text);
	for (size_t i = 0; i < pod->annotation_count; i++)
		pod_line(context, COLOR_NONE,
			 arena_format(context->arena, "%s %s: %s",
				      PICK(context, "annotation", "注解"),
				      text_or_empty(pod->annotations[i].key),
				      text_or_empty(pod->annotations[i].value)));
	if (pod->reason || pod->message)
		pod_line(context, COLOR_NONE,
			 arena_format(context->arena, "%s: %s",
				      text_or_empty(pod->reason),
				      text_or_empty(pod->message)));
}

/* A finished pod is not Ready, and that is well. */
static void say_conditions(const struct pod_text *context, const struct pod *pod)
{
	bool finished = text_equal(pod->phase, "Succeeded");

	for (size_t i = 0; i < pod->condition_count; i++) {
		const struct condition *condition = pod->conditions[i].what;
		bool good = text_equal(condition->status, "True") || finished;

		/* ContainersReady is what Ready says */
		if ((good || text_equal(condition->type, "ContainersReady")) &&
		    !context->options->verbose)
			continue;
		pod_line(context, COLOR_NONE,
			 arena_format(context->arena, "%s %s (%s): %s%s%s",
				      text_or_empty(condition->type),
				      text_or_empty(condition->status),
				      pod_age(context, pod->conditions[i].since),
				      text_or_empty(condition->reason),
				      condition->message ? ": " : "",
				      text_or_empty(condition->message)));
	}
}

/* "exit code 1 (Error) 35s ago after 2s". */
static const char *ending(const struct pod_text *context, const struct termination *end)
{
	const char *text = arena_format(
		context->arena,
		PICK(context, "exit code %" PRId64 " (%s)", "退出码 %" PRId64 "（%s）"),
		end->exit_code, text_or_empty(end->reason));

	if (end->finished != UNSET)
		text = arena_format(context->arena,
				    PICK(context, "%s %s ago", "%s，%s 前"), text,
				    pod_age(context, end->finished));
	if (end->started > 0 && end->finished >= end->started)
		text = arena_format(context->arena,
				    PICK(context, "%s, after %s", "%s，运行了 %s"), text,
				    pod_duration(context, end->finished - end->started));
	if (end->message)
		text = arena_format(context->arena, "%s: %s", text, end->message);
	return text;
}

static void say_container(const struct pod_text *context,
			  const struct container_status *status, bool init)
{
	struct arena *arena = context->arena;
	const char *text =
		arena_format(arena, PICK(context, "%s%s: ", "%s%s："),
			     init ? PICK(context, "init container ", "初始化容器 ")
				  : PICK(context, "container ", "容器 "),
			     text_or_empty(status->name));

	if (status->waiting_reason)
		text = arena_format(
			arena, PICK(context, "%swaits, %s%s%s", "%s等待中，%s%s%s"), text,
			status->waiting_reason, status->waiting_message ? ": " : "",
			text_or_empty(status->waiting_message));
	else if (status->now.exit_code != UNSET)
		text = arena_format(arena, PICK(context, "%sended, %s", "%s已结束，%s"),
				    text, ending(context, &status->now));
	else if (status->running_since != UNSET)
		text = arena_format(
			arena, PICK(context, "%srunning for %s%s", "%s已运行 %s%s"), text,
			pod_age(context, status->running_since),
			status->ready ? "" : PICK(context, ", not ready", "，未就绪"));
	if (status->restarts > 0)
		text = arena_format(
			arena,
			PICK(context, "%s; restarts %" PRId64, "%s；重启 %" PRId64 " 次"),
			text, status->restarts);
	if (status->last.exit_code != UNSET)
		text = arena_format(
			arena,
			PICK(context, "%s; the one before: %s", "%s；上一实例：%s"), text,
			ending(context, &status->last));
	pod_line(context, COLOR_NONE, text);
}

static void say_state(const struct pod_text *context)
{
	const struct pod *pod = context->story->pod;

	pod_heading(context, 1, "State", "状态");
	if (!pod) {
		pod_line(context, COLOR_NONE,
			 PICK(context, "the pod is gone; its events remain",
			      "Pod 已不存在，仅余其事件"));
		return;
	}
	say_pod(context, pod);
	say_conditions(context, pod);
	for (size_t i = 0; i < pod->init_status_count; i++)
		if (context->options->verbose || !pod->init_statuses[i].ready)
			say_container(context, &pod->init_statuses[i], true);
	for (size_t i = 0; i < pod->status_count; i++)
		say_container(context, &pod->statuses[i], false);
}

/* ---- 2 events ---- */

static void say_event(const struct pod_text *context, const struct story_event *told)
{
	const struct event *event = told->event;
	bool warning = text_equal(event->type, "Warning");
	const char *text = arena_format(
		context->arena, "%-6s %s %s%s: %s", pod_age(context, event->last),
		warning ? "Warning" : "Normal ", text_or_empty(event->reason),
		event->count > 1
			? arena_format(context->arena, " (x%" PRId64 ")", event->count)
			: "",
		text_or_empty(event->message));

	pod_line(context, COLOR_NONE, text);
	for (size_t i = 0; i < told->means.count; i++)
		say_meaning(context, told->means.hits[i].guide);
}

static void say_events(const struct pod_text *context)
{
	const struct pod_story *story = context->story;
	size_t first = 0;

	pod_heading(context, 2,
		    story->warnings_only
			    ? "Events (warnings, as the snapshot has them; age)"
			    : "Events (age, the newest last)",
		    story->warnings_only ? "事件（快照中的告警；距今时间）"
					 : "事件（距今时间，最新在后）");
	if (story->event_count == 0 && story->events_source.state != FACT_KNOWN) {
		pod_missing(context, &story->events_source);
		return;
	}
	if (story->event_count == 0)
		pod_line(context, COLOR_NONE,
			 PICK(context, "none: the cluster keeps them for an hour",
			      "无：集群只保留一小时"));
	if (story->event_count > EVENTS_SHOWN && !context->options->verbose) {
		first = story->event_count - EVENTS_SHOWN;
		pod_line(context, COLOR_DIM,
			 arena_format(context->arena,
				      PICK(context, "... %zu before them: see -v",
					   "……之前还有 %zu 条：使用 -v 查看"),
				      first));
	}
	for (size_t i = first; i < story->event_count; i++)
		say_event(context, &story->events[i]);
}

/* ---- 3 logs ---- */

static void say_log_lines(const struct pod_text *context, const struct story_log *log)
{
	size_t first = 0;

	if (log->lines.count > LINES_SHOWN && !context->options->verbose)
		first = log->lines.count - LINES_SHOWN;
	for (size_t i = 0; i < log->lines.count; i++) {
		if (i >= first) {
			fprintf(context->printer.out, "%*s", POD_INDENT + 2, "");
			print_text(&context->printer, text_or_empty(log->lines.items[i]),
				   context->options->verbose ? 0 : 300);
			fputc('\n', context->printer.out);
		}
		for (size_t j = 0; j < log->means.count; j++)
			if (log->means.items[j].line == (int64_t)i + 1)
				say_meaning(context, log->means.items[j].guide);
		if (log->notes[i])
			say_note(context, say(context->options, log->notes[i]));
	}
}

static void say_log(const struct pod_text *context, const struct story_log *log)
{
	const char *caption = arena_format(
		context->arena, "%s%s%s%s%s", PICK(context, "container ", "容器 "),
		text_or_empty(log->container),
		log->previous ? PICK(context, ", the instance before", "，上一个实例")
			      : "",
		log->excerpt ? PICK(context, ", only lines that mean something",
				    "，仅含可识别的行")
			     : "",
		log->cut ? PICK(context, ", cut short", "，有截断") : "");

	pod_line(context, COLOR_DIM, caption);
	if (log->error)
		pod_line(context, COLOR_CYAN, log->error);
	else if (log->lines.count == 0)
		pod_line(context, COLOR_NONE,
			 PICK(context, "it wrote nothing", "没有输出"));
	say_log_lines(context, log);
}

static void say_logs(const struct pod_text *context)
{
	const struct pod_story *story = context->story;

	pod_heading(context, 3, "Logs (the end)", "日志（末尾）");
	if (story->log_count == 0)
		pod_line(context, COLOR_NONE,
			 PICK(context,
			      "none: no container of it has run, or nobody kept them",
			      "无：没有容器运行过，或日志未保留"));
	for (size_t i = 0; i < story->log_count; i++)
		say_log(context, &story->logs[i]);
}

/* ---- the whole ---- */

static void say_verdict(const struct pod_text *context)
{
	const struct pod_story *story = context->story;
	struct render_options options = *context->options;
	size_t open = 0;

	for (size_t i = 0; i < story->report->finding_count; i++)
		open += finding_is_open(story->report->findings[i]);
	if (!context->options->quiet)
		fputc('\n', context->printer.out);
	if (open == 0) {
		print_color(&context->printer, COLOR_BOLD,
			    PICK(context, "No check finds anything about this pod.",
				 "没有检查发现与此 Pod 有关的问题。"));
		fputc('\n', context->printer.out);
	}
	options.quiet = !options.verbose;
	render_text_verdicts(story->report, &options, context->printer.out);
	if (story->elsewhere)
		fprintf(context->printer.out,
			PICK(context,
			     "Findings about other things: %zu.  See wasmdiag all\n",
			     "与其他对象有关的发现：%zu 项，见 wasmdiag all\n"),
			story->elsewhere);
}

static void render_prose(const struct pod_text *context)
{
	const struct pod_story *story = context->story;

	if (!context->options->quiet) {
		render_text_header(story->report, context->options, context->printer.out);
		fputs("Pod ", context->printer.out);
		print_color(&context->printer, COLOR_BOLD,
			    arena_format(context->arena, "%s/%s", story->namespace,
					 story->name));
		fputs("  ", context->printer.out);
		print_text(&context->printer,
			   story->pod ? pod_status(story)
				      : PICK(context, "gone", "已不存在"),
			   100);
		fputs("\n\n", context->printer.out);
		say_state(context);
		say_events(context);
		say_logs(context);
		pod_say_node(context);
		pod_say_components(context);
	}
	say_verdict(context);
}

static void render_lines(const struct pod_text *context)
{
	const struct pod_story *story = context->story;

	print_text(
		&context->printer,
		arena_format(context->arena, "pod %s/%s ", story->namespace, story->name),
		0);
	print_text(&context->printer, pod_status(story), 100);
	if (story->node_name) {
		fprintf(context->printer.out, " %s ", PICK(context, "on", "位于"));
		print_text(&context->printer, story->node_name, 100);
	}
	fputc('\n', context->printer.out);
	find_renderer("short")->render(story->report, context->options,
				       context->printer.out);
}

void render_pod(const void *data, const char *format,
		const struct render_options *options, FILE *out)
{
	struct arena scratch = { 0 };
	const struct pod_text context = {
		.printer = { .out = out,
			     .color = options->color,
			     .width = options->width },
		.options = options,
		.arena = &scratch,
		.story = data,
	};

	if (text_equal(format, "json"))
		render_pod_json(data, options, out);
	else if (text_equal(format, "short"))
		render_lines(&context);
	else
		render_prose(&context);
	arena_free(&scratch);
}
