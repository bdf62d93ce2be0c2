// SPDX-License-Identifier: Apache-2.0
#include <wasmdiag/wasm.h>

#include <wasmdiag/text.h>

#include "facts_rows.h"

#define WASI "wasi_snapshot_preview1"

const char *const wasm_kind_names[] = {
	[WASM_UNREAD] = "unread",
	[WASM_CORE] = "core",
	[WASM_COMPONENT] = "component",
	[WASM_KIND_COUNT] = NULL,
};

const char *const wasm_extern_names[] = {
	[WASM_FUNCTION] = "function",
	[WASM_TABLE] = "table",
	[WASM_MEMORY] = "memory",
	[WASM_GLOBAL] = "global",
	[WASM_TAG] = "tag",
	[WASM_CORE_MODULE] = "core-module",
	[WASM_VALUE] = "value",
	[WASM_TYPE] = "type",
	[WASM_NESTED_COMPONENT] = "component",
	[WASM_INSTANCE] = "instance",
	[WASM_EXTERN_COUNT] = NULL,
};

const char *wasm_kind_name(enum wasm_kind kind)
{
	return kind < WASM_KIND_COUNT ? wasm_kind_names[kind] : "unread";
}

const char *wasm_extern_name(enum wasm_extern kind)
{
	return kind < WASM_EXTERN_COUNT ? wasm_extern_names[kind] : "unknown";
}

static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static int64_t multiply(int64_t a, int64_t b)
{
	int64_t product;

	return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

static int64_t maximum_of(const struct wasm_memory *memory)
{
	if (memory->max != UNSET)
		return multiply(memory->max, memory->page_size);
	return memory->memory64 ? INT64_MAX : (int64_t)1 << 32;
}

int64_t wasm_minimum_bytes(const struct wasm_module *module)
{
	int64_t sum = 0;

	for (size_t i = 0; i < module->memory_count; i++)
		sum = add(sum, multiply(module->memories[i].min,
					module->memories[i].page_size));
	return sum;
}

int64_t wasm_maximum_bytes(const struct wasm_module *module)
{
	int64_t sum = 0;

	for (size_t i = 0; i < module->memory_count; i++)
		sum = add(sum, maximum_of(&module->memories[i]));
	return sum;
}

bool wasm_is_unbounded(const struct wasm_module *module)
{
	for (size_t i = 0; i < module->memory_count; i++)
		if (module->memories[i].max == UNSET)
			return true;
	return false;
}

bool wasm_needs(const struct wasm_module *module, const char *feature)
{
	for (size_t i = 0; i < module->features.count; i++)
		if (text_equal(module->features.items[i], feature))
			return true;
	return false;
}

const char *wasm_refused_feature(const struct wasm_module *module, int64_t minor)
{
	/* minor releases that have it: from, below */
	static const struct {
		const char *feature;
		int64_t from, below;
	} rows[] = {
		{ "component-model", INT64_MAX, INT64_MAX },
		{ "memory64", 16, INT64_MAX },
		{ "threads", 0, 16 },
		{ "multi-memory", 16, INT64_MAX },
		{ "custom-page-sizes", INT64_MAX, INT64_MAX },
		{ "gc", 16, INT64_MAX },
		{ "exception-handling", 16, INT64_MAX },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if ((minor < rows[i].from || minor >= rows[i].below) &&
		    wasm_needs(module, rows[i].feature))
			return rows[i].feature;
	return NULL;
}

static const char *const wasi_functions[] = {
	"args_get",
	"args_sizes_get",
	"clock_res_get",
	"clock_time_get",
	"environ_get",
	"environ_sizes_get",
	"epoll_oneoff",
	"fd_advise",
	"fd_allocate",
	"fd_close",
	"fd_datasync",
	"fd_fdstat_get",
	"fd_fdstat_set_flags",
	"fd_fdstat_set_rights",
	"fd_filestat_get",
	"fd_filestat_set_size",
	"fd_filestat_set_times",
	"fd_pread",
	"fd_prestat_dir_name",
	"fd_prestat_get",
	"fd_pwrite",
	"fd_read",
	"fd_readdir",
	"fd_renumber",
	"fd_seek",
	"fd_sync",
	"fd_tell",
	"fd_write",
	"path_create_directory",
	"path_filestat_get",
	"path_filestat_set_times",
	"path_link",
	"path_open",
	"path_readlink",
	"path_remove_directory",
	"path_rename",
	"path_symlink",
	"path_unlink_file",
	"poll_oneoff",
	"proc_exit",
	"proc_raise",
	"random_get",
	"sched_yield",
	"sock_accept",
	"sock_accept_v2",
	"sock_bind",
	"sock_bind_v2",
	"sock_connect",
	"sock_connect_v2",
	"sock_getaddrinfo",
	"sock_getlocaladdr",
	"sock_getlocaladdr_v2",
	"sock_getpeeraddr",
	"sock_getpeeraddr_v2",
	"sock_getsockopt",
	"sock_listen",
	"sock_listen_v2",
	"sock_open",
	"sock_open_v2",
	"sock_recv",
	"sock_recv_from",
	"sock_recv_from_v2",
	"sock_recv_v2",
	"sock_send",
	"sock_send_to",
	"sock_send_to_v2",
	"sock_send_v2",
	"sock_setsockopt",
	"sock_shutdown",
};

bool wasm_import_known(const struct wasm_import *import)
{
	if (import->kind != WASM_FUNCTION || !text_equal(import->module, WASI))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(wasi_functions); i++)
		if (text_equal(import->name, wasi_functions[i]))
			return true;
	return false;
}

const char *wasm_import_plugin(const struct wasm_import *import)
{
	/* how the module's name begins */
	static const struct {
		const char *module, *plugin;
	} rows[] = {
		{ "wasi_ephemeral_nn", "wasi_nn" },
		{ "wasi_ephemeral_crypto_", "wasi_crypto" },
		{ "wasi:logging/", "wasi_logging" },
		{ "wasmedge_process", "wasmedge_process" },
		{ "wasmedge_image", "wasmedge_image" },
		{ "wasmedge_tensorflowlite", "wasmedge_tensorflowlite" },
		{ "wasmedge_tensorflow", "wasmedge_tensorflow" },
		{ "wasmedge_stablediffusion", "wasmedge_stablediffusion" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (text_starts(import->module, rows[i].module))
			return rows[i].plugin;
	return NULL;
}

const struct wasm_import *wasm_unknown_import(const struct wasm_module *module)
{
	for (size_t i = 0; i < module->import_count; i++)
		if (!wasm_import_known(&module->imports[i]) &&
		    !wasm_import_plugin(&module->imports[i]))
			return &module->imports[i];
	return NULL;
}
