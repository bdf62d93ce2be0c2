#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""API servers that misbehave on cue, and the test program run against them.

fixture.py PROGRAM [ARGUMENT...] makes keys in a folder of its own, serves on free ports
of 127.0.0.1, and ends as PROGRAM ends; 77 when openssl is missing.
"""
import base64
import email.utils
import gzip
import hashlib
import http.server
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

def scope_event(kind, name, reason):
    """Of a thing in /scope: something went wrong with it, or its image was pulled."""
    message = "it went wrong"
    if reason == "Pulled":
        message = 'Successfully pulled image "example.com/x:1" in 3.5s (3.5s including waiting). Image size: 7 bytes.'
    return {"metadata": {"namespace": "default"}, "type": "Normal" if reason == "Pulled" else "Warning",
            "involvedObject": {"kind": kind, "namespace": "default", "name": name},
            "reason": reason, "message": message, "lastTimestamp": "2026-11-20T10:00:00Z"}


ITEMS = [{"metadata": {"name": "item-%d" % i}, "spec": {"secret": "x" * 50}} for i in range(7)]


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_certificate(folder, name, subject, alternative, days="30"):
    openssl(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", name + ".key", "-out", name + ".csr", "-subj", subject)
    with open(os.path.join(folder, name + ".ext"), "w", encoding="ascii") as extensions:
        extensions.write("subjectAltName=" + alternative + "\n")
    openssl(folder, "x509", "-req", "-in", name + ".csr", "-CA", "ca.crt", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", days, "-extfile", name + ".ext", "-out", name + ".crt")


def make_bundle(folder):
    """bundle.crt: a CA that ca.crt vouches for, and then ca.crt itself."""
    with open(os.path.join(folder, "inner.ext"), "w", encoding="ascii") as extensions:
        extensions.write("basicConstraints=critical,CA:TRUE\n"
                         "authorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n")
    openssl(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "inner.key", "-out", "inner.csr", "-subj", "/CN=wasmdiag test inner")
    openssl(folder, "x509", "-req", "-in", "inner.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "30", "-extfile", "inner.ext", "-out", "inner.crt")
    with open(os.path.join(folder, "bundle.crt"), "wb") as bundle:
        for name in ("inner.crt", "ca.crt"):
            with open(os.path.join(folder, name), "rb") as part:
                bundle.write(part.read())


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def root_hash(folder):
    """As K3s's tokens have it of a bundle: the SHA-256 of the root's DER."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(read(folder, "ca.crt").decode())).hexdigest()


def make_keys(folder):
    for name in ("ca", "other"):
        openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-keyout", name + ".key", "-out", name + ".crt", "-days", "30",
                "-subj", "/CN=wasmdiag test " + name)
    make_certificate(folder, "server", "/CN=server", "DNS:localhost,IP:127.0.0.1")
    make_certificate(folder, "misnamed", "/CN=misnamed", "DNS:other.test")
    make_certificate(folder, "expired", "/CN=expired", "DNS:localhost,IP:127.0.0.1", "-1")
    make_certificate(folder, "client", "/O=system:masters/CN=admin", "DNS:admin")
    make_bundle(folder)
    openssl(folder, "pkcs8", "-topk8", "-in", "client.key", "-out", "client.enc.key",
            "-v2", "aes-256-cbc", "-passout", "pass:secret")


def status(code, reason, message, **metadata):
    return {"kind": "Status", "apiVersion": "v1", "metadata": metadata, "status": "Failure",
            "message": message, "reason": reason, "code": code}


def gatekeeper_template(name):
    return {"metadata": {"name": name, "uid": "u", "generation": 3},
            "spec": {"crd": {"spec": {"names": {"kind": name.upper()}}},
                     "targets": [{"rego": "package secret"}]},
            "status": {"created": True, "byPod": [
                {"id": "pod-1", "templateUID": "u", "observedGeneration": 2,
                 "errors": [{"code": "ingest_error", "message": "no", "location": "template:3"}]}]}}


def gatekeeper_constraint(kind, number):
    return {"kind": kind.upper(), "metadata": {"name": "%s-%d" % (kind, number)},
            "spec": {"enforcementAction": "scoped", "parameters": {"token": "secret"},
                     "scopedEnforcementActions": [{"action": "warn", "enforcementPoints": [{"name": "*"}]}],
                     "match": {"excludedNamespaces": ["x"]}},
            "status": {"auditTimestamp": "2026-11-24T03:52:01Z", "totalViolations": 20,
                       "violations": [{"kind": "Pod", "namespace": "a", "name": "p%d" % i, "message": "m"}
                                      for i in range(20)]}}


def refusal(kind, name):
    return {"involvedObject": {"kind": kind, "namespace": "shop", "name": name},
            "type": "Warning", "reason": "FailedCreate",
            "message": "Error creating: admission webhook \"validation.gatekeeper.sh\" denied the request: [a] no"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    seen = {}
    lock = threading.Lock()
    four, two = threading.Barrier(4), threading.Barrier(2)
    alone = threading.Lock()

    def log_message(self, *_):
        pass

    def nth(self, key):
        """How often this was asked for before."""
        with self.lock:
            Handler.seen[key] = Handler.seen.get(key, -1) + 1
            return Handler.seen[key]

    def reply(self, code, body, content_type="application/json", **headers):
        if not isinstance(body, bytes):
            body = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        length = headers.pop("length", len(body))
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def page(self, items, token="", version="100"):
        return {"kind": "ThingList", "apiVersion": "v1", "items": items,
                "metadata": {"resourceVersion": version, "continue": token}}

    def do_GET(self):
        path, _, query = self.path.partition("?")
        self.query = dict(part.partition("=")[::2] for part in query.split("&") if part)
        try:
            method = getattr(self, "get_" + path.strip("/").split("/")[0].replace("-", "_"))
        except AttributeError:
            self.reply(404, status(404, "NotFound", "the server could not find the requested resource"))
            return
        try:
            method()
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def get_list(self):
        start = int(self.query.get("continue") or 0)
        end = start + int(self.query["limit"])
        self.reply(200, self.page(ITEMS[start:end], str(end) if end < len(ITEMS) else ""))

    def get_meet(self):
        """Four first pages, of 3, that wait for each other; all else one at a time."""
        if self.query.get("limit") == "3" and "continue" not in self.query:
            self.four.wait(5)
            self.get_list()
        elif not self.alone.acquire(blocking=False):
            self.reply(500, status(500, "InternalError", "two large bodies at once"))
        else:
            time.sleep(0.05)
            self.alone.release()
            self.get_metrics() if self.path.startswith("/meet/text") else self.get_list()

    def get_by_turns(self):
        """Two bodies that go out in small pieces, one of each at a time."""
        body = json.dumps(self.page(ITEMS)).encode()
        self.reply(200, b"", length=len(body))
        for start in range(0, len(body), 60):
            self.two.wait(5)
            self.wfile.write(body[start:start + 60])
            time.sleep(0.005)

    def get_circle(self):
        self.reply(200, self.page(ITEMS[:1], "same"))

    def get_expired(self):
        """The token is gone; a fresh one goes on elsewhere."""
        token = self.query.get("continue")
        if token == "old":
            self.reply(410, status(410, "Expired", "too old", **{"continue": "fresh"}))
        elif token == "fresh":
            self.reply(200, self.page(ITEMS[2:], "", "200"))
        else:
            self.reply(200, self.page(ITEMS[:2], "old"))

    def get_restart(self):
        if self.query.get("continue"):
            if self.nth(self.path) == 0:
                self.reply(410, status(410, "Expired", "too old"))
            else:
                self.reply(200, self.page(ITEMS[2:]))
        else:
            self.reply(200, self.page(ITEMS[:2], "old"))

    def get_lost(self):
        if self.query.get("continue"):
            self.reply(404, status(404, "NotFound", "the server could not find the requested resource"))
        else:
            self.reply(200, self.page(ITEMS[:2], "next"))

    def get_gone(self):
        if self.query.get("continue"):
            self.reply(410, status(410, "Expired", "too old", **{"continue": "more"}))
        else:
            self.reply(200, self.page(ITEMS[:2], "old"))

    def get_busy(self):
        """429 as the API server says it, in plain text."""
        if self.nth(self.path) == 0:
            self.reply(429, "Too many requests, please try again later.\n", "text/plain",
                       Retry_After="1")
        else:
            self.reply(200, self.page(ITEMS))

    def get_busy_date(self):
        if self.nth(self.path) == 0:
            when = email.utils.formatdate(time.time() + 2, usegmt=True)
            self.reply(503, status(503, "ServiceUnavailable", "starting"), Retry_After=when)
        else:
            self.reply(200, self.page(ITEMS))

    def get_busy_ever(self):
        self.reply(429, "Too many requests, please try again later.\n", "text/plain")

    def get_busy_long(self):
        self.reply(429, status(429, "TooManyRequests", "later"), Retry_After="3600")

    def get_401(self):
        self.reply(401, status(401, "Unauthorized", "Unauthorized"))

    def get_403(self):
        self.reply(403, status(403, "Forbidden", "pods is forbidden: User \"x\" cannot \x1b[31mlist"))

    def get_500(self):
        self.reply(500, status(500, "InternalError", "etcdserver: no leader"))

    def get_500_long(self):
        self.reply(500, "x" * 200000, "text/plain")

    def get_readyz(self):
        self.reply(500, "[+]ping ok\n[-]etcd failed: reason withheld\n", "text/plain")

    def get_html(self):
        self.reply(200, "<html><body>Please log in</body></html>", "text/html")

    def get_plain(self):
        self.reply(200, "ok", "text/plain")

    def get_nokind(self):
        self.reply(200, {"items": [], "metadata": {}})

    def get_array(self):
        self.reply(200, [1, 2])

    def get_empty(self):
        self.reply(200, b"")

    def get_redirect(self):
        self.reply(302, b"", Location="/list?limit=2")

    def get_broken(self):
        self.reply(200, json.dumps(self.page(ITEMS))[:-40])

    def get_odd(self):
        self.reply(200, self.page([ITEMS[0], 5, {"metadata": {"name": "\ud800"}}, ITEMS[1]]))

    def get_short(self):
        """The body ends before its length does."""
        body = json.dumps(self.page(ITEMS)).encode()
        self.reply(200, body[:-200], length=len(body))
        self.close_connection = True

    def get_short_once(self):
        if self.nth(self.path) == 0:
            self.get_short()
        else:
            self.reply(200, self.page(ITEMS))

    def get_stall_once(self):
        body = json.dumps(self.page(ITEMS)).encode()
        if self.nth(self.path) > 0:
            self.reply(200, body)
            return
        self.reply(200, body[:-300], length=len(body))
        time.sleep(8)
        self.close_connection = True

    def get_hang(self):
        time.sleep(4)
        self.close_connection = True

    def get_drip(self):
        self.reply(200, b"{\"kind\":\"ThingList\",\"items\":[", length=1 << 20)
        for _ in range(80):
            self.wfile.write(b" ")
            time.sleep(0.05)
        self.close_connection = True

    def get_bomb(self):
        head = b"{\"kind\":\"ThingList\",\"items\":[{\"a\":\""
        self.reply(200, gzip.compress(head + b"x" * (64 << 20) + b"\"}]}"), Content_Encoding="gzip")

    def get_gzip(self):
        if "gzip" not in self.headers.get("Accept-Encoding", ""):
            self.reply(200, self.page([]))
        else:
            self.reply(200, gzip.compress(json.dumps(self.page(ITEMS)).encode()),
                       Content_Encoding="gzip")

    def get_endless(self):
        self.reply(200, b"", length=None, Transfer_Encoding="chunked")
        part = b"{\"kind\":\"ThingList\",\"items\":["
        while True:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            part = b"{\"a\":\"xxxxxxx\"},\n" * 4096

    def get_echo(self):
        headers = [[name.lower(), value] for name, value in self.headers.items()]
        self.reply(200, {"kind": "Echo", "path": self.path, "headers": headers})

    def get_version(self):
        self.reply(200, {"major": "1", "gitVersion": "v1.30.0+k3s1"})

    def get_gatekeeper(self):
        """A cluster with Gatekeeper: three kinds of constraints, one without its CRD yet.
        Under /gatekeeper/denied their lists are forbidden."""
        path = self.path.partition("?")[0].removeprefix("/gatekeeper")
        denied = path.startswith("/denied/")
        path = path.removeprefix("/denied")
        kind = path.removeprefix("/apis/constraints.gatekeeper.sh/v1beta1/")
        if path == "/version":
            self.get_version()
        elif path == "/apis/templates.gatekeeper.sh/v1beta1/constrainttemplates":
            self.reply(200, self.page([gatekeeper_template(name) for name in
                                       ("k8smany", "k8sgone", "../../api/v1/secrets", "k8sone")]))
        elif path == "/apis/config.gatekeeper.sh/v1alpha1/configs":
            self.reply(200, self.page([{"metadata": {"namespace": "gatekeeper-system", "name": "config"},
                                        "spec": {"match": [{"excludedNamespaces": ["a", "b"],
                                                            "processes": ["*"]}]}}]))
        elif path == "/api/v1/namespaces" and "admission.gatekeeper.sh" in self.query.get("labelSelector", ""):
            self.reply(200, self.page([{"metadata": {"name": "free", "labels": {"secret": "x"}}}]))
        elif path == "/api/v1/events":
            self.reply(200, self.page([refusal(kind, name) for kind, name in
                                       (("ReplicaSet", "gone"), ("DaemonSet", "agent"), ("DaemonSet", "agent"),
                                        ("Job", "../../x"), ("CronJob", "c"))]))
        elif path == "/apis/apps/v1/namespaces/shop/daemonsets/agent":
            self.reply(200, {"kind": "DaemonSet", "metadata": {"name": "agent", "namespace": "shop"},
                             "status": {"desiredNumberScheduled": 3, "currentNumberScheduled": 1}})
        elif denied and kind == "k8sone":
            self.reply(403, status(403, "Forbidden", "k8sone.constraints.gatekeeper.sh is forbidden"))
        elif kind in ("k8smany", "k8sone"):
            self.reply_constraints(kind, 22 if kind == "k8smany" else 1)
        else:
            self.reply(404, status(404, "NotFound", "the server could not find the requested resource"))

    def get_scope(self):
        """A cluster of three nodes, which can be asked about node by node."""
        path = self.path.partition("?")[0].removeprefix("/scope")
        if path == "/version":
            self.get_version()
        elif path.startswith("/api/v1/"):
            self.reply_scope(path.removeprefix("/api/v1/").split("/"))
        else:
            self.reply(404, status(404, "NotFound", "the server could not find the requested resource"))

    def reply_scope(self, path):
        wanted = dict(term.replace("!=", "=!", 1).split("=", 1) for term in
                      self.query.get("fieldSelector", "").split(",") if term)
        names = [name for name in ("n1", "n2", "n3") if wanted.get("metadata.name", name) == name]
        if path == ["nodes"]:
            self.reply(200, self.page([{"metadata": {"name": name}} for name in names]))
        elif path == ["pods"]:
            self.reply_pods([(state, node) for state, node in
                             (("well", "n1"), ("well", "n2"), ("ill", "n2"))
                             if wanted.get("spec.nodeName", node) == node])
        elif path[-1] == "events":
            kinds = [("Node", "n1"), ("Node", "n2"), ("Pod", "ill-on-n2"), ("Pod", "well-on-n2")]
            reason = wanted.get("reason", "Failed")
            self.reply(200, self.page([scope_event(kind, name, reason) for kind, name in kinds
                                       if wanted.get("involvedObject.kind", kind) == kind and
                                       wanted.get("involvedObject.name", name) == name and
                                       path in (["events"], ["namespaces", "default", "events"])]))
        else:
            self.reply(404, status(404, "NotFound", "the server could not find the requested resource"))

    def reply_pods(self, pods):
        """As many as are asked for, and how many are left."""
        limit = int(self.query["limit"])
        items = [{"metadata": {"namespace": "default", "name": state + "-on-" + node},
                  "spec": {"nodeName": node, "runtimeClassName": "wasm"},
                  "status": {"phase": "Running", "conditions": [
                      {"type": "Ready", "status": "True" if state == "well" else "False"}]}}
                 for state, node in pods]
        start = int(self.query.get("continue") or 0)
        items = items[start:]
        page = self.page(items[:limit], str(start + limit) if len(items) > limit else "")
        if len(items) > limit:
            page["metadata"]["remainingItemCount"] = len(items) - limit
        self.reply(200, page)

    def get_together(self):
        """A cluster whose service, slices, log and pulls wait for each other."""
        path = self.path.partition("?")[0].removeprefix("/together")
        missing = status(404, "NotFound", "the server could not find the requested resource")
        pod = {"metadata": {"namespace": "shop", "name": "web", "uid": "u"},
               "spec": {"runtimeClassName": "wasm"},
               "status": {"phase": "Running", "containerStatuses": [
                   {"name": "app", "restartCount": 0, "state": {"terminated": {"exitCode": 1}}}]}}
        hooks = [{"name": "a", "clientConfig": {"service": {"namespace": "ns", "name": name}}}
                 for name in ("hook", "lost")]
        pulled = {"involvedObject": {"namespace": "shop", "name": "web", "uid": "u"},
                  "message": "Successfully pulled image \"x\" in 1.5s"}
        port = [{"port": 8443}]
        slices = "/apis/discovery.k8s.io/v1beta1/namespaces/ns/endpointslices"
        replies = {
            "/version": {"gitVersion": "v1.20.0"},
            "/api/v1/pods": self.page([pod]),
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations":
                self.page([{"metadata": {"name": "w"}, "webhooks": hooks}]),
            "/api/v1/namespaces/ns/services/hook": {"kind": "Service", "spec": {"type": "ClusterIP"}},
            "/api/v1/namespaces/shop/pods/web/log": "exec /hello.wasm: exec format error\n",
            "/metrics": "up 1\n",
            slices: self.page([{"ports": port, "endpoints": [{"addresses": ["10.0.0.9"]}]}]),
            "/api/v1/events": self.page([pulled] if "Pulled" in self.path else []),
        }
        if path == slices and "service-name=hook" not in self.path:
            replies[path] = self.page([])
        elif path == slices or path.endswith(("/services/hook", "/log")) or "Pulled" in self.path:
            self.four.wait(5)
        self.reply(200 if path in replies else 404, replies.get(path, missing))

    def reply_constraints(self, kind, count):
        start = int(self.query.get("continue") or 0)
        end = min(start + int(self.query["limit"]), count)
        self.reply(200, self.page([gatekeeper_constraint(kind, number) for number in range(start, end)],
                                  str(end) if end < count else ""))

    def get_bare(self):
        if self.path == "/bare/version":
            self.get_version()
        else:
            self.reply(404, status(404, "NotFound", "the server could not find the requested resource"))

    def get_metrics(self):
        self.reply(200, "# TYPE up gauge\nup{job=\"x\"} 1\n" * 1000, "text/plain")


class Supervisor(Handler):
    """K3s's, as a node that joins sees it."""
    authorities = b""

    def get_ping(self):
        self.reply(200, "pong", "text/plain")

    def get_cacerts(self):
        self.reply(200, self.authorities, "text/plain")

    def get_v1_k3s(self):
        known = {"node:right": 200, "server:right": 200, "node:agent": 403}
        kind, _, value = self.headers.get("Authorization", "").partition(" ")
        if kind == "Basic":
            code = known.get(base64.b64decode(value).decode(), 401)
        else:
            code = 200 if value == "abcdef.0123456789abcdef" else 401
        if self.path != "/v1-k3s/config":
            code = 500
        self.reply(code, {"secret": "planted"} if code == 200 else "no")


class Ahead(Supervisor):
    """Its clock is five minutes ahead."""

    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + 300)


class Bundled(Supervisor):
    """Its CA is one that another vouches for."""


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, *_):
        pass


class TlsServer(Server):
    """The handshake is done in the connection's own thread, so that none blocks another."""

    def __init__(self, context, handler=Handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.context = context

    def finish_request(self, request, client_address):
        request.settimeout(15)
        with self.context.wrap_socket(request, server_side=True) as tls:
            super().finish_request(tls, client_address)


def serve(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return str(server.server_address[1])


def tls_context(folder, name, client_ca=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, name + ".crt"), os.path.join(folder, name + ".key"))
    if client_ca:
        context.load_verify_locations(os.path.join(folder, client_ca + ".crt"))
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def hide_system(folder):
    """The command before the program's: a mount namespace of its own, in which
    /etc/ssl/certs holds our CA and the name server is one that never answers."""
    trusted = os.path.join(folder, "certs")
    os.mkdir(trusted)
    for source, name in (("ca.crt", "ca.pem"), ("other.crt", "ca-certificates.crt")):
        with open(os.path.join(folder, source), "rb") as certificate:
            with open(os.path.join(trusted, name), "wb") as copy:
                copy.write(certificate.read())
    openssl(folder, "rehash", trusted)
    with open(os.path.join(folder, "resolv.conf"), "w", encoding="ascii") as resolver:
        resolver.write("nameserver 127.83.87.68\n")
    prefix = ["unshare", "-m", "sh", "-c",
              "mount --bind $0/certs /etc/ssl/certs && "
              "mount --bind $0/resolv.conf $(readlink -f /etc/resolv.conf) && exec \"$@\"", folder]
    try:
        dumb = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        dumb.bind(("127.83.87.68", 53))
        subprocess.run([*prefix, "true"], check=True, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None, []
    return dumb, prefix


def main():
    folder = tempfile.mkdtemp(prefix="wasmdiag-kube.")
    try:
        make_keys(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        print("skipped: openssl is needed:", error)
        return 77
    Supervisor.authorities = read(folder, "ca.crt")
    Bundled.authorities = read(folder, "bundle.crt")
    silent = socket.create_server(("127.0.0.1", 0))
    closed = socket.create_server(("127.0.0.1", 0))
    environment = {name: value for name, value in os.environ.items()
                   if not name.lower().endswith("_proxy")}
    environment.update({
        "KUBE_FOLDER": folder,
        "KUBE_PORT": serve(TlsServer(tls_context(folder, "server"))),
        "KUBE_MISNAMED": serve(TlsServer(tls_context(folder, "misnamed"))),
        "KUBE_EXPIRED": serve(TlsServer(tls_context(folder, "expired"))),
        "KUBE_MUTUAL": serve(TlsServer(tls_context(folder, "server", "ca"))),
        "KUBE_STRICT": serve(TlsServer(tls_context(folder, "server", "other"))),
        "KUBE_SUPERVISOR": serve(TlsServer(tls_context(folder, "server"), Supervisor)),
        "KUBE_SUPERVISOR_AHEAD": serve(TlsServer(tls_context(folder, "server"), Ahead)),
        "KUBE_SUPERVISOR_BUNDLE": serve(TlsServer(tls_context(folder, "server"), Bundled)),
        "KUBE_SUPERVISOR_EXPIRED": serve(TlsServer(tls_context(folder, "expired"), Supervisor)),
        "KUBE_SUPERVISOR_MISNAMED": serve(TlsServer(tls_context(folder, "misnamed"), Supervisor)),
        "KUBE_HASH": hashlib.sha256(Supervisor.authorities).hexdigest(),
        "KUBE_HASH_BUNDLE": root_hash(folder),
        "KUBE_PLAIN": serve(Server(("127.0.0.1", 0), Handler)),
        "KUBE_SILENT": str(silent.getsockname()[1]),
        "KUBE_CLOSED": str(closed.getsockname()[1]),
    })
    closed.close()
    dumb, prefix = hide_system(folder)
    if dumb:
        environment["KUBE_HIDDEN"] = "1"
    try:
        return subprocess.run(prefix + sys.argv[1:], env=environment, check=False).returncode
    finally:
        subprocess.run(["rm", "-rf", folder], check=False)


if __name__ == "__main__":
    sys.exit(main())
