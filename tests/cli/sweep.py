#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whatever the cluster holds comes out inert in every format.

sweep.py BINARY: every case of tests/checks is judged once more with names, messages and
log lines that try to move the cursor, turn the text around, or break out of JSON, Markdown
and HTML.  With cmark-gfm the Markdown is rendered, and must hold no element of theirs.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKS = os.path.join(HERE, "..", "checks")
FORMATS = ("text", "short", "json", "markdown")
# every equal string gets an equal ending, so that what belongs together still does
NAMES = {"name", "namespace", "pod", "node", "container", "service", "webhook", "handler",
         "configuration", "message", "waiting_message", "program", "module_path", "image",
         "service_name", "service_namespace", "runtime_class", "error", "reason"}
PAYLOADS = (
    "\x1b[2J\x1b]0;gotcha\x07\x9b31m",
    "\u202egnp.exe\u2066\u200f",
    "\x00\x01\x08\x7f\r",
    "`</code></pre><script>alert(1)</script><img src=x onerror=alert(1)>",
    "**bold** [link](https://evil.test) ![i](https://evil.test/i.png) | a | b | ``` ~~~",
    "@everyone #1 !2 <!-- --> &lt; ]]> \"' $(reboot) `reboot` ; reboot",
    "\ud7ff\ue000\ufffe\U0010ffff",
)
LARGE = "A" * 1_000_000
# what no output may hold: controls but the newline, bidirectional overrides, C1 controls
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ELEMENTS = re.compile(r"<(script|img|a|strong|em|del)\b", re.I)


def poison(value, payload, key=None):
    if isinstance(value, dict):
        return {k: poison(v, payload, k) for k, v in value.items()}
    if isinstance(value, list):
        return [poison(v, payload, "message" if key == "lines" else key) for v in value]
    if isinstance(value, str) and key in NAMES:
        return value + payload
    return value


def judge(binary, facts, folder, language):
    """One run, every format into a file of its name."""
    forms = [word for form in FORMATS for word in ("-o", "%s=%s" % (form, os.path.join(folder, form)))]
    run = subprocess.run([binary, "all", "--facts", facts, "--lang", language, "-v", *forms],
                         capture_output=True, timeout=60, check=False)
    if run.returncode not in (0, 3, 5):
        return "exit %d: %s" % (run.returncode, run.stderr[:200])
    return None


def check(folder, form):
    with open(os.path.join(folder, form), "rb") as file:
        output = file.read()
    try:
        text = output.decode("utf-8")
    except UnicodeDecodeError as error:
        return "%s: %r" % (error, output[max(0, error.start - 60):error.end + 20])
    found = FORBIDDEN.search(text)
    if found:
        return "holds %r" % text[max(0, found.start() - 30):found.end() + 10]
    if form == "json":
        json.loads(text)
    if form == "markdown" and shutil.which("cmark-gfm"):
        page = subprocess.run(["cmark-gfm", "-e", "table", "-e", "autolink", "-e", "strikethrough",
                               "--unsafe"], input=output, capture_output=True, check=True)
        html = page.stdout.decode("utf-8").replace("<strong>Cause:</strong>", "")
        html = html.replace("<strong>根因:</strong>", "")
        found = ELEMENTS.search(html)
        if found:
            return "renders %r" % html[max(0, found.start() - 80):found.end() + 80]
    return None


def long_ticket(binary, path):
    """Fifty findings are a ticket of less than 200 lines, and each object is in it."""
    with open(os.path.join(CHECKS, "wasm-memory", "oom-killed", "facts.json"), encoding="utf-8") as file:
        text = file.read()
    facts = json.loads(text)
    facts["pods"] = [json.loads(json.dumps(facts["pods"][0]).replace("hello", "hello%d" % i))
                     for i in range(50)]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(facts, file)
    run = subprocess.run([binary, "wasm-memory", "--facts", path, "-o", "markdown", "--lang", "en"],
                         capture_output=True, check=False, encoding="utf-8")
    lines = run.stdout.count("\n")
    missing = [i for i in range(50) if "default/hello%d`" % i not in run.stdout]
    if run.returncode != 3 or lines >= 200 or missing:
        return "exit %d, %d lines, without %s" % (run.returncode, lines, missing)
    return None


def main():
    binary = sys.argv[1]
    cases = sorted(os.path.join(CHECKS, check, case, "facts.json")
                   for check in os.listdir(CHECKS) if os.path.isdir(os.path.join(CHECKS, check))
                   for case in os.listdir(os.path.join(CHECKS, check)))
    failures = runs = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "facts.json")
        for number, case in enumerate(cases):
            with open(case, encoding="utf-8", errors="replace") as file:
                facts = json.load(file)
            payload = LARGE if number == 0 else PAYLOADS[number % len(PAYLOADS)]
            with open(path, "w", encoding="utf-8") as file:
                json.dump(poison(facts, payload), file)
            problem = judge(binary, path, folder, ("en", "zh")[number % 2])
            problems = [problem] if problem else [check(folder, form) for form in FORMATS]
            runs += 1
            for problem in filter(None, problems):
                failures += 1
                print("%s: %s" % (case, problem), file=sys.stderr)
        problem = long_ticket(binary, path)
        if problem:
            failures += 1
            print("a ticket of 50 findings: " + problem, file=sys.stderr)
    print("%d runs, %d failures" % (runs, failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
