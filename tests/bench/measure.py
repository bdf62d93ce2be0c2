#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures wasmdiag beside the floors and kubectl, and prints tables: see run.sh.

measure.py BUILD [--rounds N] [--quick] [--lab LAB] [--only PART] [--update]

Each round runs every command once, so that what disturbs the machine disturbs them all;
tables show medians, and the medians of the rounds' ratios.
"""
import argparse
import base64
import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import plot

HERE = os.path.dirname(os.path.abspath(__file__))
DOCS = os.path.join(HERE, "../../docs")
SIZES = (1000, 5000, 20000, 50000, 150000)
KUBECTL_PODS = 20000  # with more of them kubectl takes more memory than this needs to

KUBECONFIG = """apiVersion: v1
kind: Config
clusters: [{{name: b, cluster: {{server: "https://{0}", certificate-authority: {1}{2}}}}}]
users: [{{name: b, user: {{token: bench}}}}]
contexts: [{{name: b, context: {{cluster: b, user: b}}}}]
current-context: b
"""

# What the guide has one type, and what its steps come to: 20 commands, all read-only.
GUIDE = """get nodes
describe node
get pods -A
get pods -A -o wide
get events -A --sort-by=.lastTimestamp
get runtimeclass
get runtimeclass -o yaml
get pods -n kube-system
get pods -n kube-system -l app=flannel
get configmap -n kube-system
get pods -n kube-system -l k8s-app=metrics-server
get apiservice
get hpa -A
get pods -n gatekeeper-system
get validatingwebhookconfigurations -o yaml
get mutatingwebhookconfigurations
get endpoints -A
get pvc -A
get pods -A -o json
describe pod -A"""


def progress(text):
    if sys.stderr.isatty():
        print(f"{text:70}", end="\r", file=sys.stderr)


class Run:
    """One run of one command: seconds, seconds of CPU, MiB at the peak."""

    def __init__(self, text, stderr):
        wall, cpu, memory, self.status = text.split()
        self.wall, self.cpu, self.memory = float(wall), float(cpu), float(memory) / 1024
        self.stderr = stderr


class Bench:
    def __init__(self, build, folder):
        self.build, self.folder = os.path.abspath(build), folder
        self.wasmdiag = self.build + "/wasmdiag"
        self.ca = folder + "/ca.pem"
        self.key = folder + "/key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", self.key, "-out", self.ca,
             "-days", "2", "-subj", "/CN=bench", "-addext",
             "subjectAltName=DNS:localhost,IP:127.0.0.1"],
            check=True, stderr=subprocess.DEVNULL)

    def tool(self, name):
        return f"{self.build}/tests/bench/bench_{name}"

    def file(self, name, text):
        path = f"{self.folder}/{name}"
        with open(path, "w") as out:
            out.write(text)
        return path

    def time(self, command):
        path = self.folder + "/time"
        done = subprocess.run([self.tool("stopwatch"), path, *command],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
        with open(path) as text:
            run = Run(text.read(), done.stderr)
        # wasmdiag's 3, 4 and 5 are verdicts; curl's 7 is a closed port
        if run.status not in ("0", "3", "4", "5", "7"):
            raise SystemExit(f"{command}: exit {run.status}: {done.stderr[-500:]}")
        return run

    def rounds(self, commands, count):
        """Lists of runs by name, round by round."""
        runs = {name: [] for name in commands}
        for number in range(count):
            for name, command in commands.items():
                progress(f"round {number + 1}: {name}")
                runs[name].append(self.time(command))
        progress("")
        return runs

    @contextlib.contextmanager
    def child(self, command, **environment):
        """A server: its port, by what it prints, and its standard error's file."""
        log = self.folder + "/" + os.path.basename(command[0]) + ".log"
        with open(log, "w") as errors:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors,
                                       text=True, env={**os.environ, **environment})
        try:
            yield int(process.stdout.readline()), log
        finally:
            process.kill()
            process.wait()

    def serve(self, pods, **environment):
        shape = (max(pods // 30, 1), pods, pods * 2 // 15, pods // 300)
        return self.child([self.tool("serve"), HERE + "/templates", *map(str, shape),
                           self.ca, self.key], **environment)

    def kubeconfig(self, address, extra=""):
        return self.file("kubeconfig", KUBECONFIG.format(address, self.ca, extra))

    def ask(self, kubeconfig):
        return [self.wasmdiag, "all", "--no-host", "-v", "--kubeconfig", kubeconfig,
                "--timeout", "10m", "--request-timeout", "2m"]

    def ask_on_node(self, kubeconfig):
        """As on a node, which a folder with kubelet's traces passes for."""
        return [argument for argument in self.ask(kubeconfig) if argument != "--no-host"] + \
            ["--root", HERE + "/../unit/data/root-kubelet", "--node", "node-00017"]


def curl(bench, urls, *arguments):
    text = "".join(f'url = "{url}"\noutput = "/dev/null"\n' for url in urls)
    return ["curl", "-s", "-g", *arguments, "-K", bench.file("urls", text)]


def table(runs, first):
    """Lines of Markdown; ratios to the first row."""
    lines = [f"| {first} | wall | CPU | peak memory | wall, ratio | CPU, ratio |",
             "|---|---:|---:|---:|---:|---:|"]
    base = next(iter(runs.values()))
    for name, own in runs.items():
        middle = [statistics.median(getattr(run, what) for run in own)
                  for what in ("wall", "cpu", "memory")]
        ratios = [statistics.median(getattr(mine, what) / max(getattr(his, what), 1e-6)
                                    for mine, his in zip(own, base))
                  for what in ("wall", "cpu")]
        lines.append(f"| {name} | {seconds(middle[0])} | {seconds(middle[1])} | "
                     f"{middle[2]:.1f} MiB | {ratios[0]:.2f} | {ratios[1]:.2f} |")
    return lines


def seconds(value):
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"


def totals(run):
    """What wasmdiag -v says of its requests, connections and bytes."""
    found = re.search(r"(\d+) requests over (\d+) connections?, (\d+) bytes on the wire, "
                      r"(\d+) decoded", run.stderr)
    return tuple(map(int, found.groups())) if found else (0, 0, 0, 0)


# ---- clusters of any size ----

LISTS = ("api/v1/nodes", "api/v1/pods", "api/v1/events?fieldSelector=type!=Normal",
         "apis/autoscaling/v2/horizontalpodautoscalers",
         "apis/metrics.k8s.io/v1beta1/nodes", "api/v1/persistentvolumeclaims")


def floors(bench, port):
    base = f"https://127.0.0.1:{port}/"
    urls = [base + path for path in LISTS]
    return {name: [bench.tool("parse_pages"), how, bench.ca, *urls] for name, how in (
        ("the same lists, only split into items", "scan"),
        ("the same lists, each item parsed by jansson", "items"),
        ("the same lists, each page parsed by jansson", "pages"))}


def requests_seen(log, port):
    with open(log) as text:
        return [f"https://127.0.0.1:{port}{line.strip()}" for line in text]


def measure_size(bench, pods, rounds, all_floors):
    with bench.serve(pods, VERBOSE="1") as (port, log):
        kubeconfig = bench.kubeconfig(f"127.0.0.1:{port}")
        first = bench.time(bench.ask(kubeconfig))
        urls = requests_seen(log, port)
        commands = {"wasmdiag all --no-host": bench.ask(kubeconfig)}
        if all_floors:
            commands["curl, the same URLs"] = curl(bench, urls, "--cacert", bench.ca)
        every = floors(bench, port)
        for name, command in every.items():
            if "each item" in name or (all_floors and "only split" in name):
                commands[name] = command
        runs = bench.rounds(commands, rounds)
        # once: these take gigabytes, or minutes
        slow = {name: command for name, command in every.items()
                if all_floors and name not in commands}
        if shutil.which("kubectl") and pods <= KUBECTL_PODS:
            slow["kubectl get pods -A -o json"] = [
                "kubectl", "--kubeconfig", kubeconfig, "--cache-dir",
                bench.folder + "/cache", "get", "pods", "-A", "-o", "json"]
        runs.update(bench.rounds(slow, 1))
        on_node = bench.time(bench.ask_on_node(kubeconfig)) if all_floors else None
    return runs, totals(first), on_node


def measure_clusters(bench, rounds, sizes):
    parts, points = {}, {}
    for pods in sizes:
        largest = pods == sizes[-1]
        runs, (requests, _, _, decoded), on_node = measure_size(bench, pods, rounds, largest)
        points[pods] = {name: tuple(statistics.median(getattr(run, what) for run in own)
                                    for what in ("wall", "cpu", "memory"))
                        for name, own in runs.items()}
        if largest:
            parts["large"] = [f"{max(pods // 30, 1):,} nodes, {pods:,} pods, "
                              f"{pods * 2 // 15:,} events, {pods // 300} autoscalers: "
                              f"{decoded / 1e6:,.0f} MB of JSON in {requests} requests, "
                              f"{rounds} rounds.", ""] + table(runs, "") + \
                ["", node_line(on_node)]
    parts["growth"] = growth_table(points)
    return parts, points


def node_line(run):
    requests, _, _, decoded = totals(run)
    return (f"On one of its nodes `wasmdiag all` takes {requests} requests, {decoded / 1000:,.0f} kB "
            f"of JSON, {seconds(run.cpu)} of CPU and {run.memory:.1f} MiB.")


def growth_table(points):
    names = ("wasmdiag all --no-host", "the same lists, each item parsed by jansson",
             "kubectl get pods -A -o json")
    lines = ["| pods | wasmdiag: wall | CPU | memory | CPU per 1,000 pods "
             "| jansson per item: CPU | memory | kubectl get: CPU | memory |",
             "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for pods, runs in points.items():
        own, jansson = runs[names[0]], runs[names[1]]
        cells = [f"{pods:,}", seconds(own[0]), seconds(own[1]), f"{own[2]:.1f} MiB",
                 f"{own[1] / pods * 1e6:.0f} ms", seconds(jansson[1]),
                 f"{jansson[2]:.1f} MiB"]
        other = runs.get(names[2])
        cells += [seconds(other[1]), f"{other[2]:,.0f} MiB"] if other else ["-", "-"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


# ---- what it takes to begin ----

def measure_start(bench, rounds):
    """Up to the first connection, which nobody answers: what libraries cost, and the rest."""
    server = "https://127.0.0.1:1"
    return table(bench.rounds({
        "curl --http2": ["curl", "-s", "--http2", "--cacert", bench.ca, server],
        "wasmdiag all --no-host": [bench.wasmdiag, "all", "--no-host", "--server", server,
                                   "--certificate-authority", bench.ca, "--token", "x"],
    }, rounds * 5), "to a closed port")


# ---- the lab: a real API server ----

def credentials(bench):
    """curl's arguments for what KUBECONFIG says, and the server."""
    with open(os.environ["KUBECONFIG"]) as file:
        text = file.read()
    arguments = []
    for option, key in (("--cacert", "certificate-authority-data"),
                        ("--cert", "client-certificate-data"),
                        ("--key", "client-key-data")):
        data = re.search(key + r': *"?([A-Za-z0-9+/=]+)', text).group(1)
        arguments += [option, bench.file(key, base64.b64decode(data).decode())]
    return arguments, re.search(r'server: *"?(https://[^\s",}]+)', text).group(1)


def audited(start):
    """The URIs that wasmdiag asked for since the audit log had start bytes."""
    uris = []
    with open(audit_log()) as log:
        log.seek(start)
        for line in log:
            event = json.loads(line)
            if event["userAgent"].startswith("wasmdiag/"):
                uris.append(event["requestURI"])
    return uris


def audit_log():
    return os.environ.get("WASM_LAB_DIR", "/var/tmp/wasm-lab") + "/log/audit.log"


def measure_lab(bench, rounds):
    arguments, server = credentials(bench)
    start = os.path.getsize(audit_log())
    ours = [bench.wasmdiag, "all", "--no-host", "-v"]
    requests, connections, wire, _ = totals(bench.time(ours))
    subprocess.run(["sleep", "1"])
    urls = [server + uri for uri in audited(start)]
    guide = "\n".join(f"kubectl {line} >/dev/null 2>&1" for line in GUIDE.split("\n"))
    commands = {
        "curl --http2 -Z, the same URLs": curl(bench, urls, "--http2", "-Z",
                                               "--parallel-max", "100", *arguments),
        "wasmdiag all --no-host": ours,
        "kubectl get pods -A -o json": ["kubectl", "get", "pods", "-A", "-o", "json"],
    }
    runs = bench.rounds(commands, rounds * 5)
    name = f"kubectl, {len(GUIDE.splitlines())} commands as of the guide"
    runs[name] = bench.rounds({name: ["sh", bench.file("guide.sh", guide + "\nexit 0\n")]},
                              rounds)[name]
    return [f"{requests} requests ({len(urls)} audited) over {connections} connection, "
            f"{wire / 1000:.0f} kB on the wire, {rounds * 5} rounds.", ""] + \
        table(runs, "on the lab")


# ---- slow links ----

def slow_row(bench, name, kubeconfig, relay):
    run = bench.time(bench.ask(kubeconfig))
    requests, connections, wire, _ = totals(run)
    delay, rate = relay[0] / 1000, relay[1]
    transfer = wire * 8 / rate if rate else 0
    trips = (run.wall - transfer) / delay if delay else 0
    return (f"| {name} | {relay[0]} ms | {f'{rate / 1e6:.0f} Mbit/s' if rate else '-'} "
            f"| {requests} / {connections} | {wire / 1000:,.0f} kB | {run.wall:.2f} s "
            f"| {f'{transfer:.2f} s' if rate else '-'} | {f'{trips:.1f}' if delay else '-'} |")


def slow_rows(bench, name, target, kubeconfig_of):
    rows = []
    # not a loopback address, so that compression is asked for as on a real link
    address = os.environ.get("BENCH_ADDRESS", "10.99.0.1")
    for relay in ((0, 0), (200, 0), (0, 1e6), (200, 1e6)):
        with bench.child([sys.executable, HERE + "/relay.py", f"{address}:0", target,
                          str(relay[0]), str(relay[1])]) as (port, _):
            rows.append(slow_row(bench, name, kubeconfig_of(f"{address}:{port}"), relay))
    return rows


def measure_slow(bench):
    with open(os.environ["KUBECONFIG"]) as file:
        text = file.read()
    _, server = credentials(bench)
    target = server.split("//")[1]
    lines = ["| cluster | round trip | link | requests / connections | on the wire | wall "
             "| of which bytes | of which round trips |",
             "|---|---:|---:|---:|---:|---:|---:|---:|"]
    lines += slow_rows(bench, "the lab (HTTP/2)", target, lambda address: bench.file(
        "slow", text.replace(target, address)))
    with bench.serve(1000) as (port, _):
        lines += slow_rows(bench, "1,000 pods (HTTP/1.1)", f"127.0.0.1:{port}",
                           lambda address: bench.kubeconfig(
                               address, ', tls-server-name: "127.0.0.1"'))
    return lines


# ---- all of it ----

def update(parts):
    path = DOCS + "/performance.md"
    with open(path) as file:
        text = file.read()
    for name, lines in parts.items():
        text = re.sub(rf"(<!-- {name} -->\n).*?(<!-- end -->)",
                      lambda found: found[1] + "\n" + "\n".join(lines) + "\n\n" + found[2],
                      text, flags=re.S)
    with open(path, "w") as file:
        file.write(text)


def first_match(path, pattern):
    with open(path) as file:
        found = re.search(pattern, file.read())
    return found.group(1) if found else "?"


def stripped_size(bench):
    path = bench.folder + "/stripped"
    subprocess.run(["strip", "-o", path, bench.wasmdiag], check=True)
    return os.path.getsize(path)


def machine(bench):
    """Where, with what, and of which state of the sources."""
    commit = subprocess.run(["git", "-C", HERE + "/../..", "log", "-1", "--no-merges",
                             "--format=%h (%s)", "--",
                             "CMakeLists.txt", "src", "include", "checks"],
                            stdout=subprocess.PIPE, text=True).stdout.strip()
    memory = int(first_match("/proc/meminfo", r"MemTotal: *(\d+)")) >> 20
    curl_version = subprocess.run(["curl", "--version"], stdout=subprocess.PIPE,
                                  text=True).stdout.split(" (")[0]
    return [f"Sources of commit {commit}, Release. {os.cpu_count()} cores "
            f"({first_match('/proc/cpuinfo', 'model name.*: (.*)')}), {memory} GB, "
            f"Linux {'.'.join(os.uname().release.split('.')[:2])}, "
            f"{first_match('/etc/os-release', 'PRETTY_NAME=.(.*).')}, {curl_version}; "
            f"load {os.getloadavg()[1]:.1f} when it ended. Binary: "
            f"{stripped_size(bench) / 1e6:.2f} MB, stripped (the target is 1)."]


def inside_lab(arguments):
    """The lab has a network of its own: run there."""
    command = [arguments.lab, "exec", sys.executable, os.path.abspath(__file__),
               arguments.build, "--inside", "--rounds", str(arguments.rounds)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="up to 5,000 pods")
    parser.add_argument("--lab", help="the lab's program; without it, no lab is measured")
    parser.add_argument("--only-lab", action="store_true")
    parser.add_argument("--update", action="store_true", help="write docs/performance.*")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    parts, points = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments.build, folder)
        if arguments.inside:
            print(json.dumps({"lab": measure_lab(bench, arguments.rounds),
                              "slow": measure_slow(bench)}))
            return
        if arguments.lab:
            parts.update(inside_lab(arguments))
        if not arguments.only_lab:
            more, points = measure_clusters(bench, arguments.rounds,
                                            SIZES[:2] if arguments.quick else SIZES)
            parts.update(more)
            parts["start"] = measure_start(bench, arguments.rounds)
            parts["machine"] = machine(bench)
    for name, lines in parts.items():
        print(f"\n## {name}\n\n" + "\n".join(lines))
    if arguments.update:
        update(parts)
        if points:
            plot.write(DOCS + "/performance.svg", points)


if __name__ == "__main__":
    main()
