// SPDX-License-Identifier: Apache-2.0
/* The words by which admission says no, taken apart. */
#include "gatekeeper.h"

#include <string.h>

#include <wasmdiag/text.h>

#define WEBHOOK      "admission webhook \""
#define DENIED       "\" denied the request: "
#define OLD_BRACKET  "denied by "
#define POLICY       "ValidatingAdmissionPolicy 'gatekeeper-"
#define BINDING      "' with binding 'gatekeeper-"
#define REQUEST      "' denied request: "
#define NAME_MAX_LEN 253

static size_t line_length(const char *text)
{
	return strcspn(text, "\n");
}

/* From the webhook's name on, to what it says; NULL when it is not Gatekeeper's. */
static const char *skip_webhook(const char *text)
{
	const char *name = strstr(text, WEBHOOK), *end;

	if (!name)
		return NULL;
	name += strlen(WEBHOOK);
	end = strstr(name, DENIED);
	if (!end || end - name > NAME_MAX_LEN ||
	    memchr(name, '"', (size_t)(end - name)) || end - name < 13 ||
	    strncmp(end - 13, "gatekeeper.sh", 13) != 0)
		return NULL;
	return end + strlen(DENIED);
}

static bool read_bracket(const char **cursor, struct denial_text *denial)
{
	const char *name = *cursor + 1, *end;

	if (text_starts(name, OLD_BRACKET))
		name += strlen(OLD_BRACKET);
	end = name + strcspn(name, "]\n");
	if (*end != ']' || end == name || end - name > NAME_MAX_LEN)
		return false;
	*denial = (struct denial_text){ .constraint = name,
					.constraint_length = (size_t)(end - name),
					.message = end + 1 };
	denial->message += *denial->message == ' ';
	denial->message_length = line_length(denial->message);
	*cursor = denial->message + denial->message_length;
	return true;
}

/* A further line may belong to the message before: only a bracket begins a new one. */
static bool next_line(const char **cursor, struct denial_text *denial)
{
	while (**cursor) {
		const char *line = *cursor + (**cursor == '\n');

		*cursor = line;
		if (*line == '[' && read_bracket(cursor, denial))
			return true;
		*cursor += line_length(*cursor);
	}
	return false;
}

static bool read_policy(const char **cursor, struct denial_text *denial)
{
	const char *template = strstr(*cursor, POLICY), *binding, *request;

	if (!template)
		return false;
	template += strlen(POLICY);
	binding = strstr(template, BINDING);
	request = binding ? strstr(binding + 1, REQUEST) : NULL;
	if (!request || binding - template > NAME_MAX_LEN)
		return false;
	*denial = (struct denial_text){
		.constraint = binding + strlen(BINDING),
		.template = template,
		.template_length = (size_t)(binding - template),
		.message = request + strlen(REQUEST),
	};
	if (request <= denial->constraint || request - denial->constraint > NAME_MAX_LEN)
		return false;
	denial->constraint_length = (size_t)(request - denial->constraint);
	denial->message_length = line_length(denial->message);
	*cursor = denial->message + denial->message_length;
	return true;
}

/* What stands in front of the first bracket is looked at only once: behind it, the cursor
 * is at the end of a line. */
bool next_denial(const char **cursor, struct denial_text *denial)
{
	const char *said;

	if (**cursor == '\n')
		return next_line(cursor, denial);
	said = skip_webhook(*cursor);
	if (!said)
		return read_policy(cursor, denial);
	*cursor = said;
	return next_line(cursor, denial);
}
