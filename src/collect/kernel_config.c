// SPDX-License-Identifier: Apache-2.0
#include "collect/kernel_config.h"

#include <zlib.h>

#include <wasmdiag/text.h>

#include "collect/chase.h"

#define PACKED_LIMIT ((size_t)1 << 20)
#define PLAIN_LIMIT  ((size_t)4 << 20)
#define CHUNK        16384

/* The option names do not follow from the modules'. */
static const char *option_of(const char *name)
{
	static const char *const options[][2] = {
		{ "vxlan", "CONFIG_VXLAN=y" },
		{ "br_netfilter", "CONFIG_BRIDGE_NETFILTER=y" },
		{ "overlay", "CONFIG_OVERLAY_FS=y" },
		{ "nf_conntrack", "CONFIG_NF_CONNTRACK=y" },
		{ "wireguard", "CONFIG_WIREGUARD=y" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (text_equal(options[i][0], name))
			return options[i][1];
	return NULL;
}

/* Looks for a line in text that comes in pieces. */
struct line_search {
	const char *line;
	size_t matched;
	bool skip; /* this line is another */
};

static bool search(struct line_search *search, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\n') {
			if (!search->skip && !search->line[search->matched])
				return true;
			search->matched = 0;
			search->skip = false;
		} else if (!search->skip) {
			search->skip = !search->line[search->matched] ||
				       bytes[i] != search->line[search->matched];
			search->matched++;
		}
	}
	return false;
}

static bool inflate_search(z_stream *stream, struct line_search *line)
{
	unsigned char plain[CHUNK];
	int state = Z_OK;

	while (state == Z_OK && stream->total_out < PLAIN_LIMIT) {
		stream->next_out = plain;
		stream->avail_out = sizeof(plain);
		state = inflate(stream, Z_NO_FLUSH);
		if (state != Z_OK && state != Z_STREAM_END)
			return false;
		if (search(line, (char *)plain, sizeof(plain) - stream->avail_out))
			return true;
	}
	return false;
}

bool kernel_config_has(struct host_context *context, const char *name)
{
	struct line_search line = { .line = option_of(name) };
	struct bytes packed = { 0 };
	z_stream stream = { 0 };
	bool found;

	if (!line.line ||
	    !host_read(context, "/proc/config.gz", PACKED_LIMIT, &packed, NULL))
		return false;
	stream.next_in = (unsigned char *)packed.data;
	stream.avail_in = (unsigned int)packed.size;
	if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
		return false;
	found = inflate_search(&stream, &line);
	inflateEnd(&stream);
	return found;
}
