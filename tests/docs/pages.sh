#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pages.sh WRITE_PAGES: docs/codes is what the words of checks/*.yaml say.
set -eu
tool=$1 here=$(cd "$(dirname "$0")" && pwd)
pages=$here/../../docs/codes scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$tool" "$scratch"
diff -ru "$pages" "$scratch" || {
	echo "docs/codes is not what checks/*.yaml say: build the target write_pages and run build/write_pages docs/codes" >&2
	exit 1
}
