// SPDX-License-Identifier: Apache-2.0
#include "url_address.h"

#include <string.h>

bool url_read_address(const char *url, struct url_address *ret)
{
	const char *start = url ? strstr(url, "://") : NULL;
	const char *end;

	if (!start)
		return false;
	start += strlen("://");
	if (*start == '[') {
		ret->host = ++start;
		ret->host_length = (int)strcspn(start, "]/");
		end = start + ret->host_length;
		end += *end == ']';
	} else {
		ret->host = start;
		ret->host_length = (int)strcspn(start, ":/");
		end = start + ret->host_length;
	}
	ret->port = *end == ':' ? end + 1 : "443";
	ret->port_length = (int)strspn(ret->port, "0123456789");
	return ret->host_length > 0;
}
