// SPDX-License-Identifier: Apache-2.0
/*
 * Do containers have their images?
 *
 * A container's state tells that its image is missing and, every other time, why: in
 * ErrImagePull, but not in ImagePullBackOff, as old kubelets have it.  The reason is in
 * the event "Failed to pull image" then, which is looked up by image, so that the pods of
 * one image make one finding and an unreachable registry is one for all of its images.
 */
#include "image_pull.words.h"

#include <wasmdiag/check.h>
#include <wasmdiag/text.h>

#include "common.h"
#include "image_message.h"
#include "workload.h"

#define IMAGES_MAX   1024 /* a power of two; images told apart by their events */
#define NAME_SIZE    512
#define EVIDENCE_MAX 5
#define LOOKUPS_MAX  64 /* of a pod by name, which walks them all */

struct pull_context {
	const struct facts *facts;
	struct report *report;
	/* The newest event about each image, hashed by its name. */
	const struct event *events[IMAGES_MAX];
	size_t event_count;
};

/* A container, or with the sandbox's image none, that has to do without its image. */
struct missing_image {
	const struct pod *pod;
	const struct container *container; /* NULL: the sandbox */
	const char *image;
	const char *message;
	const char *what; /* where it stands: the state's reason, or "event" */
};

/* ---- events by image ---- */

/* FNV-1a. */
static size_t hash(const char *name)
{
	uint32_t value = 0x811c9dc5;

	for (; *name; name++)
		value = (value ^ (unsigned char)*name) * 0x01000193;
	return value & (IMAGES_MAX - 1);
}

static const struct event **find_slot(struct pull_context *context, const char *image)
{
	char other[NAME_SIZE];
	size_t at = hash(image);

	while (context->events[at] &&
	       message_image(context->events[at]->message, other, sizeof(other)) &&
	       !text_equal(image, other))
		at = (at + 1) & (IMAGES_MAX - 1);
	return &context->events[at];
}

static void index_events(struct pull_context *context)
{
	char image[NAME_SIZE];

	for (size_t i = 0; i < context->facts->event_count; i++) {
		const struct event *event = &context->facts->events[i];
		const struct event **slot;

		if (!message_image(event->message, image, sizeof(image)))
			continue;
		slot = find_slot(context, image);
		if (!*slot) {
			/* Never full, so that every search ends. */
			if (context->event_count + 1 >= IMAGES_MAX)
				continue;
			context->event_count++;
		} else if ((*slot)->last >= event->last) {
			continue;
		}
		*slot = event;
	}
}

/* ---- what it is about ---- */

/* The order matters: a later guide's texts may stand in an earlier one's messages. */
static const struct guide *recognize(const char *message)
{
	static const struct guide *const guides[] = {
		&WD2207, &WD2208, &WD2203, &WD2205, &WD2204, &WD2206, &WD2202, &WD2201
	};

	for (size_t i = 0; i < ARRAY_SIZE(guides); i++)
		if (guide_matches(guides[i], message))
			return guides[i];
	return &WD2209;
}

static struct subject subject_of(const struct guide *guide,
				 const struct missing_image *pull, char *registry,
				 size_t size)
{
	image_registry(pull->image, registry, size);
	if (guide == &WD2206)
		message_host(pull->message, registry, size);
	if (guide == &WD2206 || guide == &WD2203)
		return (struct subject){ "Registry", NULL, registry };
	return (struct subject){ "Image", NULL, pull->image };
}

static void obstacle_values(struct finding *finding, const char *message,
			    const char *registry)
{
	enum pull_obstacle obstacle = message_obstacle(message);
	char text[NAME_SIZE];

	finding_value(finding, "reason", "%s", obstacle_names[obstacle]);
	if (obstacle == OBSTACLE_DNS)
		finding_value(finding, "lookup", "%s",
			      message_lookup(message, text, sizeof(text)) ? text
									  : registry);
	else if (obstacle == OBSTACLE_TLS)
		finding_value(finding, "tls_host", "%s", registry);
	else if (obstacle != OBSTACLE_PROXY)
		finding_value(finding, "endpoint", "%s", registry);
	else if (message_address(message, text, sizeof(text)) ||
		 message_lookup(message, text, sizeof(text)))
		finding_value(finding, "proxy", "%s", text);
}

/* "/hello.wasm" for docker.io/x/hello:1, as the guide's Dockerfile has it. */
static const char *likely_program(struct report *report, const char *image)
{
	const char *name = base_name(image);
	size_t length = strcspn(name, ":@");

	return report_text(report, "/%.*s.wasm", (int)(length < 200 ? length : 200),
			   name);
}

static void node_values(struct finding *finding, const struct pull_context *context,
			const struct missing_image *pull)
{
	const struct node *node = find_node(context->facts, pull->pod->node);

	finding_value(finding,
		      node_is_k3s(context->facts, pull->pod->node) ? "bundled_image"
								   : "cri_image",
		      "%s", pull->image);
	finding_value(finding, "value", "%s",
		      node && node->architecture ? node->architecture : "amd64");
	containerd_values(finding, context->facts, pull->pod->node);
}

static void report_pull(const struct pull_context *context,
			const struct missing_image *pull)
{
	const struct guide *guide = recognize(pull->message);
	char registry[NAME_SIZE];
	struct subject subject = subject_of(guide, pull, registry, sizeof(registry));
	struct finding *finding = report_finding(context->report, guide, subject);

	finding_witness(finding, pod_subject(pull->pod));
	if (finding_seen(finding) >= EVIDENCE_MAX)
		return;
	finding_saw(finding, pull->what,
		    guide == &WD2206 ? message_tail(pull->message) : pull->message, NULL,
		    pull->pod->node);
	finding_value(finding, "image", "%s", pull->image);
	finding_value(finding, "registry", "%s", registry);
	if (guide == &WD2206)
		obstacle_values(finding, pull->message, registry);
	finding_value(finding, "message", "%s", pull->message);
	if (pull->container)
		finding_value(finding, "container", "%s",
			      text_or_empty(pull->container->name));
	finding_value(finding, "program", "%s",
		      likely_program(context->report, pull->image));
	/* With {node} 2209 is the echo of a full disk there, and only then. */
	if (guide != &WD2209 || text_has(pull->message, "no space left on device"))
		owner_values(finding, pull->pod, context->report);
	node_values(finding, context, pull);
}

/* ---- who lacks it ---- */

/* kubelet's pkg/kubelet/images/types.go, and pkg/kubelet/kuberuntime for the last. */
static bool lacks_image(const struct container_status *status)
{
	static const char *const reasons[] = {
		"ErrImagePull",
		"ImagePullBackOff",
		"ErrImageNeverPull",
		"InvalidImageName",
		"ImageInspectError",
		"RegistryUnavailable",
		"ErrRegistryUnavailable",
		"SignatureValidationFailed",
		"ErrSignatureValidationFailed",
	};

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (text_equal(status->waiting_reason, reasons[i]))
			return true;
	return text_equal(status->waiting_reason, "CreateContainerError") &&
	       recognize(status->waiting_message) != &WD2209;
}

/* The state's own message, unless it says no more than that it waits. */
static void find_message(struct pull_context *context,
			 const struct container_status *status,
			 struct missing_image *pull)
{
	const struct event *event = *find_slot(context, pull->image);

	pull->message = status->waiting_message;
	pull->what = status->waiting_reason;
	if (!event || !event->message ||
	    (pull->message && recognize(pull->message) != &WD2209) ||
	    !text_equal(status->waiting_reason, "ImagePullBackOff"))
		return;
	pull->message = event->message;
	pull->what = "event";
}

static void judge_statuses(struct pull_context *context, const struct pod *pod,
			   const struct container_status *statuses, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct container_status *status = &statuses[i];
		struct missing_image pull = { .pod = pod };

		if (!lacks_image(status))
			continue;
		pull.container = status->name ? find_container(pod, status->name) : NULL;
		pull.image = pull.container && pull.container->image
				     ? pull.container->image
				     : "?";
		find_message(context, status, &pull);
		if (!pull.message)
			pull.message = status->waiting_reason;
		report_pull(context, &pull);
	}
}

/* The pause image that every pod starts with: nothing but an event tells of it. */
static void judge_sandboxes(struct pull_context *context)
{
	size_t lookups = 0;

	for (size_t i = 0; i < context->facts->event_count; i++) {
		const struct event *event = &context->facts->events[i];
		char image[NAME_SIZE];
		struct missing_image pull = { .image = image,
					      .message = event->message,
					      .what = "event" };

		if (!text_has(event->message, "failed to get sandbox image \"") ||
		    !message_image(event->message, image, sizeof(image)) ||
		    lookups++ >= LOOKUPS_MAX || event_is_stale(context->facts, event))
			continue;
		pull.pod = find_pod(context->facts, event->namespace, event->name);
		if (pull.pod && !pull.pod->ip)
			report_pull(context, &pull);
	}
}

static void run(const struct facts *facts, struct report *report)
{
	struct pull_context context = { .facts = facts, .report = report };

	if (!report_knows(report, FACT_PODS))
		return;
	if (report_knows(report, FACT_EVENTS))
		index_events(&context);
	for (size_t i = 0; i < facts->pod_count; i++) {
		const struct pod *pod = &facts->pods[i];

		if (pod_is_over(pod))
			continue;
		judge_statuses(&context, pod, pod->init_statuses, pod->init_status_count);
		judge_statuses(&context, pod, pod->statuses, pod->status_count);
	}
	judge_sandboxes(&context);
}

const struct check check_image_pull = {
	.words = &words_image_pull,
	.needs = NEED(FACT_PODS) | NEED(FACT_EVENTS) | NEED(FACT_NODES),
	.run = run,
	.reach = REACH_NODE,
};
