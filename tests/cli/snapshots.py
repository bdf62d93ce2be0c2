#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Snapshots that are cut, damaged, too large, or of a version to come: each is refused
in one sentence, in bounded memory; damage that gzip cannot see must not crash.

snapshots.py BINARY
"""
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

MIB = 1 << 20
MEMORY = 64 * MIB
# a string of 64 MiB, and the one it grew out of
MEMORY_OF_STRING = 160 * MIB
# values take a multiple of what they take in the file, up to a limit on their number
MEMORY_OF_VALUES = 640 * MIB
FORBIDDEN = re.compile(b"[\x00-\x09\x0b-\x1f\x7f]")
SNAPSHOT = {
    "schema": "wasmdiag.facts/1", "taken": 1795500000,
    "server": {"outcome": "ok", "version": "v1.30.0", "ready": True}, "events": [],
    "nodes": [{"name": "n1", "conditions": [{"type": "Ready", "status": "True"}]}],
    "pods": [{"namespace": "a", "name": "p", "node": "n1", "phase": "Running",
              "runtime_class": "wasmedge",
              "containers": [{"name": "c", "state": "waiting", "restarts": 3}]}],
    "sources": {"logs": {"state": "denied", "reason": "no"}},
}
# runs a program and says its peak memory in KiB: small itself, as it counts until the exec
MEASURE = """
import os, sys
pid = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
sys.stderr.write("%d\\n" % usage.ru_maxrss)
sys.exit(min(os.waitstatus_to_exitcode(status) & 255, 254))
"""


class Judge:
    def __init__(self, binary, folder):
        with open(binary, "rb") as file:
            self.sanitized = b"__asan_init" in file.read()
        self.binary, self.path = binary, os.path.join(folder, "snapshot")
        self.failures = self.runs = 0

    def run(self, *before):
        self.runs += 1
        return subprocess.run([*before, self.binary, "all", "--facts", self.path, "-o", "short"],
                              capture_output=True, timeout=100, check=False,
                              env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})

    def write(self, content):
        with open(self.path, "wb") as file:
            file.write(content)

    def complain(self, what, problem, run):
        self.failures += 1
        print("%s: %s: exit %d, %r" % (what, problem, run.returncode, run.stderr[-1500:]),
              file=sys.stderr, flush=True)

    def check_refused(self, what, run, words=b""):
        lines = run.stderr.splitlines()
        if run.returncode != 2 or run.stdout or len(lines) != 1 or words not in lines[0]:
            self.complain(what, "is not refused in one sentence with %r" % words, run)

    def refuse(self, what, content, words=b""):
        self.write(content)
        self.check_refused(what, self.run(), words)

    def survive(self, what, content):
        """Damage that may go unseen."""
        self.write(content)
        run = self.run()
        if run.returncode not in (0, 2, 3, 5) or FORBIDDEN.search(run.stdout + run.stderr):
            self.complain(what, "is not survived", run)
        elif run.returncode == 2:
            self.check_refused(what, run)

    def refuse_bomb(self, what, limit, words=b"larger than"):
        """The snapshot is at self.path already."""
        run = self.run(sys.executable, "-ISE", "-c", MEASURE)
        errors, _, peak = run.stderr.rstrip(b"\n").rpartition(b"\n")
        run.stderr = errors
        self.check_refused(what, run, words)
        if not self.sanitized and int(peak) * 1024 > limit:
            self.complain(what, "takes %d KiB" % int(peak), run)


def other_schemas(judge):
    for schema, words in (("wasmdiag.facts/2", b"use the version that wrote it"),
                          ("wasmdiag.facts/0", b"use the version that wrote it"),
                          ("wasmdiag.report/1", b"no snapshot"), (7, b"no snapshot"),
                          ("wasmdiag.facts/\x1b[2J\n" + "9" * 5000, b"use the version")):
        judge.refuse("schema %r" % schema, json.dumps({**SNAPSHOT, "schema": schema}).encode(), words)
    # of this schema, with members to come: those are passed over
    judge.write(json.dumps(SNAPSHOT).encode())
    known = judge.run()
    judge.write(json.dumps({**SNAPSHOT, "comets": [{"tail": 1}]}).encode())
    run = judge.run()
    if known.returncode not in (3, 5) or (run.returncode, run.stdout) != (known.returncode, known.stdout):
        judge.complain("a member to come", "changes the report", run)


def cut_and_flipped(judge):
    """At every length, and one bit of every byte."""
    plain = json.dumps(SNAPSHOT, separators=(",", ":")).encode()
    packed = gzip.compress(plain, mtime=0)
    judge.write(packed)
    whole = judge.run()
    for length in range(len(packed)):
        judge.refuse("cut after %d bytes" % length, packed[:length])
    for length in range(0, len(plain), 7):
        judge.refuse("text cut after %d bytes" % length, plain[:length])
    for i, byte in enumerate(packed):
        judge.write(packed[:i] + bytes([byte ^ 1 << i % 8]) + packed[i + 1:])
        run = judge.run()
        # the header has a time and a system that nobody reads
        if (run.returncode, run.stdout) != (whole.returncode, whole.stdout):
            judge.check_refused("byte %d flipped" % i, run)
    for i, byte in enumerate(plain):
        judge.survive("text, byte %d flipped" % i,
                      plain[:i] + bytes([byte ^ 1 << i % 8]) + plain[i + 1:])


def bombs(judge):
    for what, byte in (("zeros", b"\0"), ("brackets", b"[")):
        with gzip.open(judge.path, "wb", compresslevel=1) as file:
            for _ in range(1024):
                file.write(byte * MIB)
        judge.refuse_bomb("1 GB of " + what, MEMORY, b"")
        judge.write(gzip.compress(byte * MIB, 1) * 1024)
        judge.refuse_bomb("1 GB of %s in 1024 parts" % what, MEMORY, b"")
    with gzip.open(judge.path, "wb", compresslevel=1) as file:
        file.write(b"{\"schema\":\"")
        for _ in range(1024):
            file.write(b"x" * MIB)
    judge.refuse_bomb("1 GB of one string", MEMORY_OF_STRING)
    with open(judge.path, "wb") as file:
        file.write(b"{\"schema\":\"")
        file.truncate(1024 * MIB)
    judge.refuse_bomb("a sparse file of 1 GB", MEMORY, b"")
    head, parts = b"{\"schema\":\"wasmdiag.facts/1\",\"pods\":[", 60 * MIB
    for part in (b"{},", b"[],", b"1,", b"\"\","):
        judge.write(head + part * (parts // len(part)) + part[:-1] + b"]}")
        judge.refuse_bomb("60 MiB of %r" % part, MEMORY_OF_VALUES)


def main():
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(os.path.abspath(sys.argv[1]), folder)
        other_schemas(judge)
        cut_and_flipped(judge)
        bombs(judge)
    print("%d runs, %d failures" % (judge.runs, judge.failures))
    return 1 if judge.failures else 0


if __name__ == "__main__":
    sys.exit(main())
