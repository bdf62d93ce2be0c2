#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""schemas.py BINARY: what the program prints as JSON is what docs/*.schema.json say.

The words of JSON Schema that our schemas use are checked here; another one is an error, and
so is a member that the program prints and the schema does not describe.
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DOCS = os.path.join(HERE, "..", "..", "docs")
CHECKS = os.path.join(HERE, "..", "checks")
WASM = os.path.join(HERE, "..", "fuzz", "corpus", "wasm")
KNOWN = {"$schema", "$defs", "$ref", "title", "description", "type", "required", "properties",
         "items", "enum", "const", "pattern", "minimum", "additionalProperties"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if name in ("integer", "number"):
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def errors(value, schema, root, where="$"):
    unknown = set(schema) - KNOWN
    if unknown:
        yield "%s: the schema uses %s, which this test does not know" % (where, unknown)
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].lstrip("#/").split("/"):
            target = target[part]
        yield from errors(value, target, root, where)
        return
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_type(value, name) for name in types):
        yield "%s: %r is no %s" % (where, value, types)
        return
    if "enum" in schema and value not in schema["enum"]:
        yield "%s: %r is none of %s" % (where, value, schema["enum"])
    if "const" in schema and value != schema["const"]:
        yield "%s: %r is not %r" % (where, value, schema["const"])
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield "%s: %r does not match" % (where, value)
    if isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            yield from errors(item, schema["items"], root, "%s[%d]" % (where, i))
    if isinstance(value, dict) and "properties" in schema:
        for name in schema.get("required", []):
            if name not in value:
                yield "%s: has no %s" % (where, name)
        for name, item in value.items():
            if name in schema["properties"]:
                yield from errors(item, schema["properties"][name], root, where + "." + name)
            elif not isinstance(schema.get("additionalProperties"), dict):
                yield "%s: %s is not described" % (where, name)


def cases(check):
    folder = os.path.join(CHECKS, check)
    return [os.path.join(folder, case, "facts.json") for case in sorted(os.listdir(folder))]


def runs():
    """Schema, arguments, standard input."""
    crun = os.path.join(CHECKS, "crun", "%s", "facts.json")
    yield "list", ["list"], None
    yield "explain", ["explain", "all"], None
    for check in ("crun", "flannel", "wasm-memory", "gatekeeper-webhook", "storage"):
        for facts in cases(check):
            yield "report", ["all", "--facts", facts], None
            yield "facts", ["collect", "-q", "--facts", facts], None
    yield "pod", ["pod", "default/victim", "--facts",
                  os.path.join(HERE, "..", "cli", "pod", "facts.json")], None
    yield "diff", ["diff", crun % "healthy", crun % "no-wasm-engine"], None
    for name in sorted(os.listdir(WASM)):
        yield "module", ["module", os.path.join(WASM, name)], None
    yield "match", ["match"], b"[error] execution failed: out of bounds memory access, Code: 0x408\n"


def main():
    binary, failures, count = sys.argv[1], 0, 0
    schemas = {name[:-len(".schema.json")] for name in os.listdir(DOCS) if name.endswith(".schema.json")}
    used = set()
    for name, arguments, text in runs():
        with open(os.path.join(DOCS, name + ".schema.json"), encoding="utf-8") as file:
            schema = json.load(file)
        form = [] if name == "facts" else ["-o", "json"]
        run = subprocess.run([binary, *arguments, *form], capture_output=True, input=text, check=False)
        if not run.stdout and run.returncode == 2:
            continue  # a module that is none
        used.add(name)
        count += 1
        for error in list(errors(json.loads(run.stdout), schema, schema))[:5]:
            failures += 1
            print("%s: %s: %s" % (name, " ".join(arguments), error), file=sys.stderr)
    for name in schemas - used:
        failures += 1
        print("nothing was held against docs/%s.schema.json" % name, file=sys.stderr)
    print("%d documents, %d failures" % (count, failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
