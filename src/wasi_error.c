// SPDX-License-Identifier: Apache-2.0
#include "wasi_error.h"

#include <stdlib.h>
#include <string.h>

#include <wasmdiag/text.h>

static const struct {
	long number;
	struct words words;
} rows[] = {
	{ 14, { { "os error 14: connection refused", "os error 14：连接被拒绝" } } },
	{ 53,
	  { { "os error 53: the socket is not connected",
	      "os error 53：套接字未连接" } } },
	{ 73, { { "os error 73: timed out", "os error 73：超时" } } },
	{ 76,
	  { { "os error 76: the engine was not given this capability",
	      "os error 76：引擎未授予该能力" } } },
	{ 77,
	  { { "os error 77: no address of this family",
	      "os error 77：没有该地址族的地址" } } },
	{ 78,
	  { { "os error 78: the resolver cannot be reached",
	      "os error 78：无法访问解析器" } } },
	{ 79,
	  { { "os error 79: bad flags for getaddrinfo",
	      "os error 79：getaddrinfo 标志错误" } } },
	{ 80,
	  { { "os error 80: the name server failed (SERVFAIL)",
	      "os error 80：域名服务器失败（SERVFAIL）" } } },
	{ 81,
	  { { "os error 81: address family not supported",
	      "os error 81：不支持该地址族" } } },
	{ 82,
	  { { "os error 82: out of memory in getaddrinfo",
	      "os error 82：getaddrinfo 内存不足" } } },
	{ 83,
	  { { "os error 83: the name has no address", "os error 83：该名称没有地址" } } },
	{ 84,
	  { { "os error 84: no such name (NXDOMAIN)",
	      "os error 84：域名不存在（NXDOMAIN）" } } },
	{ 85,
	  { { "os error 85: no such service: the image has no /etc/services",
	      "os error 85：没有该服务：镜像缺少 /etc/services" } } },
	{ 86,
	  { { "os error 86: socket type not supported",
	      "os error 86：不支持该套接字类型" } } },
	{ 87,
	  { { "os error 87: a system error in getaddrinfo",
	      "os error 87：getaddrinfo 系统错误" } } },
};

const struct words *wasi_error_in(const char *line)
{
	static const char key[] = "os error ";
	const char *at = strstr(line, key), *next;
	long number;

	if (!at)
		return NULL;
	while ((next = strstr(at + 1, key)))
		at = next;
	number = strtol(at + strlen(key), NULL, 10);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].number == number)
			return &rows[i].words;
	return NULL;
}
