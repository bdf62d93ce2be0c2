#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""API servers that give too much, too slowly or half of it, and the whole program run
against them: each costs one fact at most, and memory stays bounded.

flood.py BINARY: 77 when openssl is missing.
"""
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import fixture

MIB = 1 << 20
MEMORY = 64 * MIB
# what a check that misses something says of it, in every report
LOST = re.compile(r"(?:needs (\S+) and (?:may not|could not)|did not look at all (\S+?):)")
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
NODE = {"metadata": {"name": "n1", "uid": "n"},
        "status": {"conditions": [{"type": "Ready", "status": "True"}], "nodeInfo": {}}}
POD = {"metadata": {"name": "looping", "namespace": "default", "uid": "p",
                    "annotations": {"module.wasm.image/variant": "compat-smart"}},
       "spec": {"nodeName": "n1", "containers": [{"name": "c", "image": "i"}]},
       "status": {"phase": "Running",
                  "conditions": [{"type": "Ready", "status": "True"}],
                  "containerStatuses": [
                      {"name": "c", "ready": True, "restartCount": 1, "state": {"running": {}},
                       "lastState": {"terminated": {"exitCode": 1, "reason": "Error"}}}]}}
WEBHOOK = {"metadata": {"name": "gatekeeper-validating-webhook-configuration"},
           "webhooks": [{"name": "validation.gatekeeper.sh", "failurePolicy": "Ignore",
                         "clientConfig": {"service": {"namespace": "gatekeeper-system",
                                                      "name": "gatekeeper-webhook-service"}}}]}
LISTS = {"/api/v1/nodes": [NODE], "/api/v1/pods": [POD],
         "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations": [WEBHOOK]}
EVENTS, PODS, METRICS = "/api/v1/events", "/api/v1/pods", "/metrics"
LOG = "/api/v1/namespaces/default/pods/looping/log"
SAMPLE = b"apiserver_admission_webhook_fail_open_count{name=\"validation.gatekeeper.sh\",type=\"validating\"} 3\n"


def event(number):
    return {"metadata": {"name": "e%d" % number, "namespace": "default"},
            "involvedObject": {"kind": "Node", "name": "n%d" % number},
            "type": "Warning", "reason": "Odd", "count": 5,
            "lastTimestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "message": "something odd, number %d: %s" % (number, "x" * 200)}


class Cluster(fixture.Handler):
    """https://SERVER/FAULT is a small cluster, and get_FAULT says where it is ill."""
    met = set()

    def do_GET(self):
        path, _, query = self.path.partition("?")
        self.query = dict(part.partition("=")[::2] for part in query.split("&") if part)
        fault, _, path = path[1:].partition("/")
        try:
            method = getattr(self, "get_" + fault.replace("-", "_"), None)
            if method and method("/" + path):
                self.met.add(fault)
            else:
                self.healthy("/" + path)
        except OSError:
            self.met.add(fault)
            self.close_connection = True

    def healthy(self, path):
        if path == "/version":
            self.reply(200, {"major": "1", "gitVersion": "v1.30.0+k3s1"})
        elif path in ("/readyz", METRICS, LOG):
            self.reply(200, "ok\n", "text/plain")
        elif path in LISTS or path == EVENTS:
            self.reply(200, self.page(LISTS.get(path, [])))
        else:
            self.reply(404, fixture.status(404, "NotFound", "no such resource"))

    def is_events(self, path):
        """The list of warnings: another asks for pulls."""
        if path == EVENTS and "Pulled" not in self.path:
            self.met.add(self.path[1:].partition("/")[0])
            return True
        return False

    def flood(self, count):
        start = int(self.query.get("continue") or 0)
        end = min(start + int(self.query["limit"]), count)
        self.reply(200, self.page([event(i) for i in range(start, end)],
                                  str(end) if end < count else ""))
        return True

    def stream(self, part, count, last=b"", content_type="text/plain"):
        self.reply(200, b"", content_type, length=None, Transfer_Encoding="chunked")
        for _ in range(count):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        if last:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(last), last))
        self.wfile.write(b"0\r\n\r\n")
        return True

    def get_events_10000(self, path):
        return self.is_events(path) and self.flood(10_000)

    def get_events_200000(self, path):
        return self.is_events(path) and self.flood(200_000)

    def get_metrics_50m(self, path):
        """What is looked for comes last."""
        part = b"# HELP x y\nother_metric_bucket{verb=\"LIST\",le=\"0.5\"} 12\n" * 1000
        return path == METRICS and self.stream(part, 50 * MIB // len(part), SAMPLE)

    def get_metrics_endless(self, path):
        return path == METRICS and self.stream(b"other_metric{a=\"b\"} 1\n" * 4096, 1 << 40)

    def get_metrics_one_line(self, path):
        return path == METRICS and self.stream(b"x" * 65536, 50 * MIB // 65536)

    def get_log_1g(self, path):
        return path == LOG and self.stream(b"(os error 85)\n" * 8192, 1024 * MIB // (14 * 8192))

    def get_log_one_line(self, path):
        return path == LOG and self.stream(b"x" * 65536, 1024 * MIB // 65536)

    def get_one_item(self, path):
        """One event of 1 GB."""
        if not self.is_events(path):
            return False
        self.reply(200, b"", length=None, Transfer_Encoding="chunked")
        head = b"{\"kind\":\"EventList\",\"apiVersion\":\"v1\",\"items\":[{\"message\":\""
        self.wfile.write(b"%x\r\n%s\r\n" % (len(head), head))
        for _ in range(1024 * MIB // 65536):
            self.wfile.write(b"10000\r\n%s\r\n" % (b"x" * 65536))
        return True

    def get_deep(self, path):
        if not self.is_events(path):
            return False
        return self.stream(b"{\"kind\":\"EventList\",\"items\":[{\"a\":" + b"[" * 65536, 1, b"[" * 65536,
                           "application/json")

    def get_bomb(self, path):
        if not self.is_events(path):
            return False
        head = b"{\"kind\":\"EventList\",\"apiVersion\":\"v1\",\"items\":[{\"message\":\""
        self.reply(200, gzip.compress(head + b"x" * (20 * MIB)), Content_Encoding="gzip")
        return True

    def get_cut(self, path):
        """It stops in the middle of an item, and the connection is gone."""
        if path != PODS:
            return False
        body = json.dumps(self.page([POD] * 20)).encode()
        self.reply(200, body[:-300], length=len(body))
        self.close_connection = True
        return True

    def get_stall(self, path):
        """It stops in the middle, and the connection stays."""
        if not self.is_events(path):
            return False
        self.reply(200, b"{\"kind\":\"EventList\",\"items\":[", length=MIB)
        time.sleep(20)
        return True

    def get_slow(self, path):
        """A byte at a time: each is progress, and there is no end."""
        if not self.is_events(path):
            return False
        self.reply(200, b"{\"kind\":\"EventList\",\"items\":[", length=MIB)
        for _ in range(400):
            self.wfile.write(b" ")
            time.sleep(0.05)
        return True

    def get_slow_head(self, path):
        if not self.is_events(path):
            return False
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
        for _ in range(400):
            self.wfile.write(b"x")
            time.sleep(0.05)
        return True

    def get_heads(self, path):
        """Headers without end."""
        if not self.is_events(path):
            return False
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-A: %s\r\n" % (b"x" * 1000) * 64)


# fault: the facts that it may cost
FAULTS = {
    "healthy": (),
    "events-10000": (),
    "events-200000": ("events",),
    "metrics-50m": (),
    "metrics-endless": ("server-metrics",),
    "metrics-one-line": (),
    "log-1g": (),
    "log-one-line": (),
    "one-item": ("events",),
    "deep": ("events",),
    "bomb": ("events",),
    "cut": ("pods",),
    "stall": ("events",),
    "slow": ("events",),
    "slow-head": ("events",),
    "heads": ("events",),
}
# what must be in the report
FINDS = {"metrics-50m": "WD4105", "events-10000": "WD7107", "log-1g": "WD2302"}
# runs a program and says its peak memory in KiB: small itself, as it counts until the exec
MEASURE = """
import os, sys
pid = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
sys.stderr.write("\\n%d" % usage.ru_maxrss)
sys.exit(min(os.waitstatus_to_exitcode(status) & 255, 254))
"""


def is_sanitized(binary):
    with open(binary, "rb") as file:
        return b"__asan_init" in file.read()


def lost_facts(report):
    text = " ".join(check.get("reason") or "" for check in report["checks"])
    return {first or second for first, second in LOST.findall(text)}


def run(binary, folder, port, fault, judge_memory):
    command = [binary, "all", "--no-host", "--server", "https://127.0.0.1:%s/%s" % (port, fault),
               "--certificate-authority", os.path.join(folder, "ca.crt"), "--token", "t",
               "--request-timeout", "3s", "--timeout", "45s", "-o", "json"]
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8"}
    done = subprocess.run([sys.executable, "-ISE", "-c", MEASURE, *command], capture_output=True,
                          env=environment, timeout=100, check=False)
    words, _, peak = done.stderr.decode("utf-8", "replace").rpartition("\n")
    if done.returncode not in (0, 3, 5):
        return "exit %d: %s" % (done.returncode, words[-2000:])
    text = done.stdout.decode("utf-8")
    if words.strip() or FORBIDDEN.search(text):
        return "says %r and %r" % (words[:500], FORBIDDEN.search(text))
    report = json.loads(text)
    lost, allowed = lost_facts(report), set(FAULTS[fault])
    if lost != allowed:
        return "costs %s instead of %s" % (sorted(lost), sorted(allowed))
    if fault != "healthy" and fault not in Cluster.met:
        return "was not met"
    if fault in FINDS and FINDS[fault] not in text:
        return "does not find " + FINDS[fault]
    if judge_memory and int(peak) * 1024 > MEMORY:
        return "takes %s KiB" % peak
    print("%s: exit %d, %s KiB" % (fault, done.returncode, peak), flush=True)
    return None


def main():
    binary, chosen = os.path.abspath(sys.argv[1]), sys.argv[2:] or FAULTS
    with tempfile.TemporaryDirectory(prefix="wasmdiag-flood.") as folder:
        try:
            fixture.make_keys(folder)
        except (OSError, subprocess.CalledProcessError) as error:
            print("skipped: openssl is needed:", error)
            return 77
        port = fixture.serve(fixture.TlsServer(fixture.tls_context(folder, "server"), Cluster))
        failures = 0
        for fault in chosen:
            problem = run(binary, folder, port, fault, not is_sanitized(binary))
            if problem:
                failures += 1
                print("%s: %s" % (fault, problem), file=sys.stderr, flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
