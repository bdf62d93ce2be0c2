#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# man.sh BINARY: the man page has the options and commands of --help, and no others.
set -euo pipefail
binary=$1 page=$(cd "$(dirname "$0")" && pwd)/../../docs/wasmdiag.1
if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning "$page"
fi
diff <("$binary" --help | grep -oE '^ {6}--[a-z-]+|^ +-., --[a-z-]+' | grep -oE '\-\-[a-z-]+' | sort -u) \
	<(sed -n '/^\.Sh OPTIONS/,/^\.Sh FILES/p' "$page" | grep '^\.It' |
		grep -oE ' -[a-z]+(-[a-z]+)*' | sed 's/^ -/--/' | sort -u) || {
	echo "docs/wasmdiag.1 and --help differ in their options (< help, > page)" >&2
	exit 1
}
diff <("$binary" --help | sed -n '/^Usage/,/^The API/s/^  \([a-z]*\) .*/\1/p' | sort) \
	<(sed -n '/^\.Sh COMMANDS/,/^\.Sh OPTIONS/s/^\.It Cm \([a-z]*\).*/\1/p' "$page" | sort) || {
	echo "docs/wasmdiag.1 and --help differ in their commands (< help, > page)" >&2
	exit 1
}
