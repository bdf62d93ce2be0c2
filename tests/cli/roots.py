#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Nodes whose files are damaged, endless, of another kind, or gone: each costs one fact at
most, and nothing outside the root is read.

roots.py BINARY
"""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

MIB = 1 << 20
GIB = 1 << 30
MEMORY = 64 * MIB
LOST = re.compile(r"needs (\S+) and (?:may not|could not)")
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
CANARY = "canary-of-the-outside"
UID = "11111111-2222-3333-4444-555555555555"
ID = "0123456789abcdef" * 4
DATA = "/var/lib/rancher/k3s"
TASKS = "/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io"
BUNDLE = TASKS + "/" + ID
LOG = "/var/log/pods/default_hello_%s/c/0.log" % UID
SAYS = "2026-11-25T00:00:00.000000000Z stderr F lookup failed (os error 85)\n"
CGROUP = "/sys/fs/cgroup/kubepods/pod%s/%s" % (UID, ID)
MODULE = b"\0asm\1\0\0\0\5\3\1\0\1"
FILES = {
    "/etc/hostname": "n1\n",
    "/etc/os-release": "ID=debian\nVERSION_ID=12\n",
    "/etc/rancher/k3s/config.yaml": "flannel-backend: vxlan\n",
    "/etc/systemd/system/k3s.service": "[Service]\nExecStart=/usr/local/bin/k3s server\n",
    "/etc/cni/net.d/10-flannel.conflist": "{\"name\":\"cbr0\",\"plugins\":[{\"type\":\"flannel\"}]}",
    "/etc/modprobe.d/a.conf": "blacklist floppy\n",
    "/run/flannel/subnet.env": "FLANNEL_NETWORK=10.42.0.0/16\nFLANNEL_SUBNET=10.42.0.1/24\n"
                               "FLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n",
    DATA + "/agent/etc/flannel/net-conf.json": "{\"Network\":\"10.42.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}",
    DATA + "/agent/etc/containerd/config.toml":
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.crun]\n"
        "runtime_type = \"io.containerd.runc.v2\"\n"
        "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.crun.options]\n"
        "BinaryName = \"/usr/bin/crun\"\n",
    DATA + "/agent/etc/k3s-agent-load-balancer.json": "{\"ServerURL\":\"https://127.0.0.1:1\"}",
    DATA + "/agent/client-kubelet.crt": "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
    DATA + "/server/token": "K10%s::server:x\n" % ("0" * 64),
    DATA + "/server/db/state.db": b"SQLite format 3\0\x10\0\1\1\0@  \0\0\0\1\0\0\0\1" + b"\0" * 4068,
    "/usr/bin/crun": b"\x7fELF" + b"\0" * 100,
    "/etc/ld.so.cache": b"glibc-ld.so.cache1.1" + b"\0" * 40,
    "/proc/modules": "vxlan 1 0 - Live 0x0\noverlay 1 0 - Live 0x0\n",
    "/proc/filesystems": "nodev\toverlay\n",
    "/proc/cgroups": "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t1\t1\nmemory\t2\t1\t1\n",
    "/proc/config.gz": b"\x1f\x8b\x08\0\0\0\0\0\0\3\3\0\0\0\0\0\0\0\0\0",
    "/proc/sys/net/ipv4/ip_forward": "1\n",
    "/proc/sys/net/bridge/bridge-nf-call-iptables": "1\n",
    "/proc/1/net/snmp": "Udp: InDatagrams InCsumErrors\nUdp: 5 0\n",
    "/proc/4710/comm": "containerd\n",
    "/proc/4710/cmdline": b"containerd\0",
    "/proc/4710/environ": b"PATH=/usr/bin\0",
    "/proc/4711/comm": "wasmedge\n",
    "/proc/4711/cmdline": b"/a.wasm\0",
    "/proc/4711/cgroup": "0::/kubepods/pod%s/%s\n" % (UID, ID),
    "/proc/4711/stat": "4711 (wasmedge) S 1 " + "0 " * 48 + "\n",
    "/proc/4711/status": "Name:\twasmedge\nVmRSS:\t12 kB\n",
    "/proc/4711/smaps_rollup": "Rss: 12 kB\nPss: 12 kB\n",
    "/proc/4711/root/a.wasm": MODULE,
    "/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io memory pids\n",
    CGROUP + "/memory.current": "100000\n",
    CGROUP + "/memory.max": "max\n",
    CGROUP + "/memory.events": "oom_kill 0\n",
    CGROUP + "/cpu.max": "max 100000\n",
    CGROUP + "/cpu.stat": "usage_usec 5\nnr_periods 1\nnr_throttled 0\n",
    BUNDLE + "/init.pid": "4711",
    BUNDLE + "/config.json": json.dumps({
        "root": {"path": "rootfs"}, "process": {"args": ["/a.wasm"]},
        "annotations": {"io.kubernetes.cri.container-type": "container",
                        "io.kubernetes.cri.container-name": "c",
                        "io.kubernetes.cri.sandbox-name": "hello",
                        "io.kubernetes.cri.sandbox-namespace": "default",
                        "module.wasm.image/variant": "compat-smart"},
        "linux": {"cgroupsPath": "/kubepods/pod%s/%s" % (UID, ID)}}),
    BUNDLE + "/rootfs/a.wasm": MODULE,
    LOG: SAYS,
    "/var/lib/kubelet/config.yaml": "evictionHard:\n  memory.available: 100Mi\n",
}
MEASURE = """
import os, sys
pid = os.spawnv(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
sys.stderr.write("\\n%d" % usage.ru_maxrss)
sys.exit(min(os.waitstatus_to_exitcode(status) & 255, 254))
"""


def put(root, path, content):
    full = root + path
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def remove(full):
    if os.path.isdir(full) and not os.path.islink(full):
        shutil.rmtree(full)
    elif os.path.lexists(full):
        os.remove(full)


def lay_out(root):
    for path, content in FILES.items():
        put(root, path, content)


# ---- what a file may be instead: each is called with its path, which is free ----

def a_socket(full, _):
    here = os.getcwd()
    os.chdir(os.path.dirname(full))  # a socket's name is short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(os.path.basename(full))
    finally:
        os.chdir(here)


def a_folder(full, _):
    os.mkdir(full)
    os.mkdir(full + "/" + os.path.basename(full))


def endless(full, _):
    with open(full, "wb") as file:
        file.truncate(GIB)


def bytes_of(content):
    def write(full, _):
        with open(full, "wb") as file:
            file.write(content)
    return write


def half(full, content):
    content = content if isinstance(content, bytes) else content.encode()
    bytes_of(content[:len(content) // 2])(full, None)


def out_of_it(full, _):
    os.symlink("../" * 40 + os.environ["ROOTS_CANARY"].lstrip("/"), full)


def device(full, _):
    os.mknod(full, 0o20666, os.makedev(1, 5))  # /dev/zero


DAMAGE = {
    "gone": lambda full, _: None,
    "a FIFO": lambda full, _: os.mkfifo(full),
    "a socket": a_socket,
    "a folder": a_folder,
    "a device": device,
    "a link to itself": lambda full, _: os.symlink(os.path.basename(full), full),
    "a link to nothing": lambda full, _: os.symlink("/nowhere/at/all", full),
    "a link out of it": out_of_it,
    "an absolute link out of it": lambda full, _: os.symlink(os.environ["ROOTS_CANARY"], full),
    "empty": bytes_of(b""),
    "half of it": half,
    "1 GB of nothing": endless,
    "1 MB of brackets": bytes_of(b"[" * MIB),
    "a long line": bytes_of(b"x" * 3 * MIB),
    "nonsense": bytes_of(b"\xff\xfe\0\x1b[2J -99999999999999999999 18446744073709551616 \x9b31m\r\n" * 50),
}


class Judge:
    def __init__(self, binary):
        with open(binary, "rb") as file:
            self.sanitized = b"__asan_init" in file.read()
        self.binary = binary
        self.failures = self.runs = self.costly = 0
        self.usual = None

    def complain(self, what, problem):
        self.failures += 1
        print("%s: %s" % (what, problem), file=sys.stderr, flush=True)

    def run(self, what, root, most=1, finds=None):
        self.runs += 1
        command = [sys.executable, "-ISE", "-c", MEASURE, self.binary, "all", "--no-api", "--root", root,
                   "--timeout", "20s", "-v", "-o", "json", "--lang", "en"]
        environment = {"PATH": os.environ["PATH"], "HOME": root, "LC_ALL": "C.UTF-8"}
        try:
            done = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            self.complain(what, "hangs")
            return
        words, _, peak = done.stderr.decode("utf-8", "replace").rpartition("\n")
        text = done.stdout.decode("utf-8", "replace")
        if done.returncode not in (0, 3, 5) or words.strip():
            self.complain(what, "exit %d: %s" % (done.returncode, words[-3000:]))
            return
        if FORBIDDEN.search(text) or CANARY in text or "\ufffd" in text and "nonsense" not in what:
            self.complain(what, "shows what it must not")
        reasons = " ".join(check.get("reason") or "" for check in json.loads(text)["checks"])
        lost = set(LOST.findall(reasons))
        if self.usual is None:
            self.usual = lost
        self.costly += bool(lost)
        if len(lost - self.usual) > most:
            self.complain(what, "costs %s" % sorted(lost - self.usual))
        if finds and finds not in text:
            self.complain(what, "does not find " + finds)
        if not self.sanitized and int(peak) * 1024 > MEMORY:
            self.complain(what, "takes %s KiB" % peak)


def one_by_one(judge, root):
    for path, content in FILES.items():
        for what, damage in DAMAGE.items():
            # under the sanitizers a run takes its time: every fourth, not the same each
            if judge.sanitized and (len(path) + len(what)) % 4:
                continue
            remove(root + path)
            try:
                damage(root + path, content)
            except PermissionError:  # a device, without being root
                put(root, path, content)
                continue
            judge.run("%s is %s" % (path, what), root)
            remove(root + path)
            put(root, path, content)


def all_at_once(judge, root):
    for what, damage in DAMAGE.items():
        for path, content in FILES.items():
            remove(root + path)
            try:
                damage(root + path, content)
            except PermissionError:
                pass
        os.makedirs(root + DATA + "/agent", exist_ok=True)
        judge.run("everything is %s" % what, root, most=len(FILES))
        for path, content in FILES.items():
            remove(root + path)
            put(root, path, content)


def large_log(judge, root):
    """The end of a log of 1 GB is what counts."""
    with open(root + LOG, "wb") as file:
        file.truncate(GIB)
        file.seek(GIB)
        file.write(b"\n" + SAYS.encode() * 3)
    judge.run("a log of 1 GB", root, most=0, finds="WD2302")
    put(root, LOG, SAYS)


def half_gone(judge, root):
    """What a process leaves that ends while it is looked at."""
    for name in ("init.pid", "config.json", "rootfs"):
        shutil.copytree(root + BUNDLE, root + BUNDLE + name, symlinks=True)
        remove(root + BUNDLE + name + "/" + name)
    for number, names in enumerate((("comm",), ("cgroup",), ("root",), ("stat", "status", "smaps_rollup"))):
        pid = "/proc/%d" % (5000 + number)
        shutil.copytree(root + "/proc/4711", root + pid)
        for name in names:
            remove(root + pid + "/" + name)
            os.symlink("/nowhere", root + pid + "/" + name)
        shutil.copytree(root + BUNDLE, root + BUNDLE + str(number))
        put(root, BUNDLE + str(number) + "/init.pid", str(5000 + number))
    judge.run("bundles and processes half gone", root)


def many(judge, root):
    for i in range(20000):
        for folder, ending in ((TASKS, ""), ("/var/log/pods", ""), ("/etc/cni/net.d", ".conf"),
                               ("/proc", ""), ("/etc/modprobe.d", ".conf")):
            name = "%s%s/%d%s" % (root, folder, 100000 + i, ending)
            if ending:
                with open(name, "wb"):
                    pass
            else:
                os.mkdir(name)
    judge.run("folders of 20,000", root, most=2)


def main():
    with tempfile.TemporaryDirectory(prefix="wasmdiag-roots.") as folder:
        root = folder + "/root"
        os.environ["ROOTS_CANARY"] = folder + "/canary"
        put(folder, "/canary", CANARY + "\n" + "%s: %s\n" % (CANARY, CANARY))
        lay_out(root)
        judge = Judge(os.path.abspath(sys.argv[1]))
        judge.run("as it should be", root, finds="WD2302")
        large_log(judge, root)
        one_by_one(judge, root)
        all_at_once(judge, root)
        half_gone(judge, root)
        many(judge, root)
    print("%d runs, %d of which cost a fact, %d failures" % (judge.runs, judge.costly, judge.failures))
    return 1 if judge.failures or not judge.costly else 0


if __name__ == "__main__":
    sys.exit(main())
