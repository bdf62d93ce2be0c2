#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pages.sh WRITE_PAGES WRITE_SCHEMA: docs/codes is what the words of checks/*.yaml say,
# docs/facts.schema.json what the rows of src/*_rows.c keep.
set -eu
tool=$1 schema=$2 here=$(cd "$(dirname "$0")" && pwd)
pages=$here/../../docs/codes scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$tool" "$scratch"
diff -ru "$pages" "$scratch" || {
	echo "docs/codes is not what checks/*.yaml say: build the target write_pages and run build/write_pages docs/codes" >&2
	exit 1
}
"$schema" | diff -u "$pages/../facts.schema.json" - || {
	echo "docs/facts.schema.json is not what src/*_rows.c keep: build/write_schema >docs/facts.schema.json" >&2
	exit 1
}
