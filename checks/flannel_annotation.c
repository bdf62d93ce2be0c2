// SPDX-License-Identifier: Apache-2.0
#include "flannel.h"

#include <wasmdiag/text.h>

/* Where the value of "name" starts; NULL when there is none. */
static const char *member(const char *data, const char *name)
{
	size_t length = strlen(name);

	for (; data && (data = strchr(data, '"')); data++) {
		if (strncmp(data + 1, name, length) != 0 || data[length + 1] != '"')
			continue;
		data += length + 2;
		data += strspn(data, " \t\r\n");
		if (*data == ':')
			return data + 1 + strspn(data + 1, " \t\r\n");
		data--; /* that was a value; the loop goes on behind it */
	}
	return NULL;
}

static char lower(char character)
{
	return character >= 'A' && character <= 'F' ? (char)(character - 'A' + 'a')
						    : character;
}

static bool is_hex(char character)
{
	return (character >= '0' && character <= '9') ||
	       (lower(character) >= 'a' && lower(character) <= 'f');
}

bool flannel_vtep_mac(const char *data, char mac[static MAC_TEXT])
{
	const char *value = member(data, "VtepMAC");

	if (!value || *value++ != '"')
		return false;
	for (size_t i = 0; i < MAC_TEXT - 1; i++) {
		if (i % 3 == 2 ? value[i] != ':' : !is_hex(value[i]))
			return false;
		mac[i] = lower(value[i]);
	}
	mac[MAC_TEXT - 1] = '\0';
	return value[MAC_TEXT - 1] == '"';
}

unsigned flannel_vni(const char *data)
{
	const char *value = member(data, "VNI");
	unsigned vni = 0;

	if (!value || *value < '0' || *value > '9')
		return 1;
	for (; *value >= '0' && *value <= '9' && vni < 1U << 24; value++)
		vni = vni * 10 + (unsigned)(*value - '0');
	return vni;
}

bool flannel_same_mac(const char *a, const char *b)
{
	if (!a || !b)
		return false;
	while (*a && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return !*a && !*b;
}
