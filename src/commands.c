// SPDX-License-Identifier: Apache-2.0
#include "commands.h"

#include <wasmdiag/text.h>

#include "completion.h"
#include "diff.h"
#include "explain.h"
#include "match.h"
#include "module.h"
#include "pod.h"
#include "rbac.h"
#include "redact.h"
#include "run.h"

/* A check or a code in place of a command runs that one. */
const struct command commands[] = {
	{ "all", "", "every check; on a node: that node and the API", run_checks },
	{ "CHECK|CODE...", "", "some of them", NULL },
	{ "pod", "[NS/]NAME",
	  "one pod: state, events, logs, node, system, then every check", run_pod },
	{ "collect", "[-O FILE]", "a snapshot of all facts, for all --facts FILE",
	  run_collect },
	{ "diff", "OLD NEW", "what came, went and stayed between two snapshots",
	  run_diff },
	{ "redact", "FILE... [-O FILE]", "a snapshot without names and addresses",
	  run_redact },
	{ "module", "FILE.wasm", "what a module needs: memory, imports, engine",
	  run_module },
	{ "match", "[FILE]", "any log or event text: the findings it points to",
	  run_match },
	{ "rbac", "[CHECK|CODE...]", "the least ClusterRole that a run needs", run_rbac },
	{ "list", "[thresholds]",
	  "the table of checks: codes, guide sections, what each needs", run_list },
	{ "explain", "CODE|CHECK|11.x.y",
	  "symptom, cause, fix, verify, and where the guide is wrong", run_explain },
	{ "completion", "bash|zsh|fish", "what makes a shell complete all this",
	  run_completion },
};

const size_t command_count = ARRAY_SIZE(commands);
