#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""redact.py BINARY: every case of tests/checks, redacted, holds none of its names and is
judged as before (which redact itself makes sure of: it must not have to refuse)."""
import json
import os
import re
import subprocess
import sys

CHECKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "checks")
COMMON = re.compile(r"^(default|kube-|coredns|metrics-server|local-path|gatekeeper|svclb-|traefik|"
                    r"helm-|keda|cluster$|kubernetes$|manager$|registry$)|gatekeeper\.sh$|k8s\.io$")


def names(facts):
    """Names of nodes, pods and their namespaces, hosts."""
    found = set(facts.get("only_nodes") or [])
    for pod in facts.get("pods") or []:
        found.update(pod.get(key) for key in ("name", "namespace", "node"))
    for item in (facts.get("nodes") or []) + (facts.get("hosts") or []):
        found.update((item.get("name"), item.get("node")))
    return {name for name in found if isinstance(name, str) and name and not COMMON.search(name)}


def main():
    binary, failures, runs = sys.argv[1], 0, 0
    for check in sorted(os.listdir(CHECKS)):
        if not os.path.isdir(os.path.join(CHECKS, check)):
            continue
        for case in sorted(os.listdir(os.path.join(CHECKS, check))):
            path = os.path.join(CHECKS, check, case, "facts.json")
            with open(path, encoding="utf-8", errors="replace") as file:
                facts = json.load(file)
            run = subprocess.run([binary, "redact", path], capture_output=True, check=False)
            runs += 1
            if run.returncode != 0:
                failures += 1
                print("%s/%s: %s" % (check, case, run.stderr.decode()), file=sys.stderr)
                continue
            left = [name for name in names(facts) & names(json.loads(run.stdout))
                    if re.search("[a-z]", name)]
            # in free text, too: those that Kubernetes made are no other words
            left += [name for name in names(facts)
                     if re.search("-[a-z0-9]{8,10}-[a-z0-9]{5}$", name) and
                     re.search(r"(?<![\w-])" + name, run.stdout.decode())]
            if left:
                failures += 1
                print("%s/%s: still names %s" % (check, case, left), file=sys.stderr)
    print("%d snapshots, %d failures" % (runs, failures))
    return 1 if failures or not runs else 0


if __name__ == "__main__":
    sys.exit(main())
