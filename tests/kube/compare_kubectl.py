#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does a kubeconfig mean to us what it means to kubectl?

kubectl is run against servers of our own, which note what it sends: to which server and
path, with which Authorization and Impersonate-* headers, which client certificate and
whether it asks for compression.  kubeconfig_dump says what we would send.  Both must agree,
or both refuse; where we differ on purpose the case says so.
"""
import base64
import hashlib
import http.server
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.parse

SKIP = 77
EXEC = "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: "

# In which minor version kubectl learnt what a case needs.
SINCE = {"client.authentication.k8s.io/v1,": 22, "as-uid": 23, "disable-compression": 26}

# name, files of $KUBECONFIG, arguments[, why we differ].  @T and @P: the servers (https,
# http), @CA, @CERT, @KEY: base64 of ca.crt, client.crt, client.key
BASE = """apiVersion: v1
kind: Config
current-context: x
clusters:
- name: c
  cluster: {server: "@T", certificate-authority: ca.crt%(cluster)s}
- name: plain
  cluster: {server: "@P/second"}
users:
- name: u
  user: {%(user)s}
- name: other
  user: {token: of-other}
contexts:
- name: x
  context: {%(context)s}
- name: second
  context: {cluster: c, user: other, namespace: why}
"""


def config(user="token: abc", cluster="", context="cluster: c, user: u"):
    if cluster:
        cluster = ", " + cluster
    return BASE % {"user": user, "cluster": cluster, "context": context}


def with_text(old, new, **parts):
    return config(**parts).replace(old, new)


CASES = [
    ("token", [config()], []),
    ("JSON", ['{"current-context":"x","clusters":[{"name":"c","cluster":{"server":"@T",'
              '"certificate-authority-data":"@CA"}}],"users":[{"name":"u","user":{"token":'
              '"j"}}],"contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}]}'], []),
    ("token file", [config("tokenFile: token")], []),
    ("token file over token", [config("token: abc, tokenFile: token")], []),
    ("token without its file", [config("token: abc, tokenFile: missing")], []),
    ("password", [config("username: me, password: 'pass:word'")], []),
    ("token and password", [config("token: abc, username: me, password: p")], []),
    ("token with a line break", [config('token: "a\\nb"')], []),
    ("certificate files", [config("client-certificate: client.crt, client-key: client.key")],
     []),
    ("certificate data",
     [config("client-certificate-data: @CERT, client-key-data: @KEY")], []),
    ("certificate and token",
     [config("client-certificate: client.crt, client-key: client.key, token: abc")], []),
    ("certificate without key", [config("client-certificate: client.crt")], []),
    ("certificate missing", [config("client-certificate: no.crt, client-key: client.key")],
     []),
    ("key of another", [config("client-certificate: client.crt, client-key: ca.key")], []),
    ("key without certificate", [config("client-key: client.key, token: abc")], []),
    ("CA data", [with_text("certificate-authority: ca.crt",
                           'certificate-authority-data: "@CA"')], []),
    ("CA data on lines", [with_text("certificate-authority: ca.crt",
                                    'certificate-authority-data: "@LINES"')], []),
    ("CA not base64", [with_text("certificate-authority: ca.crt",
                                 "certificate-authority-data: '@CA %%'")], []),
    ("CA not PEM", [with_text("ca.crt", "token")], []),
    ("CA missing", [with_text("ca.crt", "missing.crt")], []),
    ("CA and insecure", [config(cluster="insecure-skip-tls-verify: true")], []),
    ("insecure", [with_text("certificate-authority: ca.crt",
                            "insecure-skip-tls-verify: true")], []),
    ("insecure not a boolean", [with_text("certificate-authority: ca.crt",
                                          'insecure-skip-tls-verify: "true"')], []),
    ("no compression", [config(cluster="disable-compression: true")], []),
    ("TLS server name", [config(cluster="tls-server-name: localhost")], []),
    ("path", [with_text("@T", "@T/a/b/")], []),
    ("path and query", [with_text("@T", "@T/a?x=1#y")], []),
    ("http sends no token", [with_text("@T", "@P", user="token: abc, as: joe")], []),
    ("bare host and port", [with_text("@T", "@HOST")], []),
    ("unknown fields", [config(user="token: abc, colour: red") + "colour: blue\n"], []),
    ("no kind", [with_text("kind: Config\n", "").replace("apiVersion: v1\n", "")], []),
    ("a Pod", [with_text("kind: Config", "kind: Pod")], []),
    ("version 2", [with_text("apiVersion: v1", "apiVersion: v2")], []),
    ("duplicate names", [config().replace("- name: other", "- name: u")], []),
    ("not a list", ["clusters: {a: b}\n"], []),
    ("binary", ["\x7fELF\x01\x02"], []),
    ("tab", ["clusters:\n\t- a\n"], []),
    ("anchors", [with_text("user: {token: abc}", "user: &u {token: anchored}")
                 .replace("{token: of-other}", "*u")], ["--user=other"]),
    ("impersonation", [config("token: abc, as: joe, as-groups: [g, h], "
                              "as-user-extra: {scope: [a, b]}")], []),
    ("impersonation with uid", [config("token: abc, as: joe, as-uid: '7'")], []),
    ("groups without user", [config("token: abc, as-groups: [g]")], []),
    ("exec token", [config(EXEC + "./plugin, args: [token]}")], []),
    ("exec certificate", [config(EXEC + "./plugin, args: [certificate]}")], []),
    ("exec on PATH", [config(EXEC + "plugin-on-path, args: [token]}")], []),
    ("exec environment", [config(EXEC + "./plugin, args: [environment], "
                                 "env: [{name: WORD, value: from-env}]}")], []),
    ("exec told of the cluster",
     [config(EXEC + "./plugin, args: [info], provideClusterInfo: true}",
             cluster="extensions: [{name: client.authentication.k8s.io/exec, "
                     "extension: {a: 1, b: [yes, x, null, 1.5]}}]")], []),
    ("exec and token", [config("token: abc, " + EXEC + "./plugin, args: [fail]}")], []),
    ("exec fails", [config(EXEC + "./plugin, args: [fail]}")], []),
    ("exec answers nothing", [config(EXEC + "./plugin, args: [nothing]}")], []),
    ("exec answers half", [config(EXEC + "./plugin, args: [half]}")], []),
    ("exec of another version", [config(EXEC + "./plugin, args: [version]}")], []),
    ("exec missing", [config(EXEC + "./missing}")], []),
    ("exec v1alpha1", [config(EXEC.replace("v1,", "v1alpha1,") + "./plugin}")], []),
    ("exec v1 without mode",
     [config("exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}")], []),
    ("exec v1beta1 without mode",
     [config("exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./plugin, "
             "args: [beta]}")], []),
    ("exec always interactive", [config((EXEC + "./plugin, args: [token]}")
                                        .replace("Never", "Always"))], []),
    ("auth-provider", [config("auth-provider: {name: gcp}")], []),
    ("proxy of no kind", [config(cluster="proxy-url: 'ftp://proxy'")], []),
    # merging
    ("first user wins", ["users: [{name: u, user: {token: one}}]\n",
                         config("token: two, as: joe")], []),
    ("first context wins", ["current-context: second\n", config()], []),
    ("empty current-context", ["current-context: ''\n", config()], []),
    ("first cluster wins wholly",
     ["clusters: [{name: c, cluster: {server: '@T/first', certificate-authority-data: @CA}}]",
      config(cluster="disable-compression: true")], []),
    ("empty file first", ["", config()], []),
    ("missing file first", [None, config()], []),
    ("folders of their own", ["sub:users: [{name: u, user: {tokenFile: token}}]\n",
                              config("token: two")], []),
    ("broken second file", [config(), "clusters: {a: b}\n"], []),
    # the command line
    ("--context", [config()], ["--context=second"]),
    ("--context unknown", [config()], ["--context=z"]),
    ("current-context unknown", [with_text("current-context: x", "current-context: z")], []),
    ("--cluster", [config()], ["--cluster=plain"]),
    ("--cluster unknown", [config()], ["--cluster=z"]),
    ("--user", [config()], ["--user=other"]),
    ("--user unknown", [config()], ["--user=z"]),
    ("--cluster and --user alone", [with_text("current-context: x", "")],
     ["--cluster=c", "--user=u"]),
    ("--server", [config()], ["--server=@T/other"]),
    ("--server drops tls-server-name", [config(cluster="tls-server-name: wrong")],
     ["--server=@T"]),
    ("--server alone", [], ["--server=@P"]),
    ("--server, CA and token alone", [],
     ["--server=@T", "--certificate-authority=@D/ca.crt", "--token=abc"]),
    ("--token", [config()], ["--token=flag"]),
    ("--token over exec", [config(EXEC + "./plugin, args: [fail]}")], ["--token=flag"]),
    ("--token and password", [config("username: me, password: p")], ["--token=flag"]),
    ("--as", [config()], ["--as=jim"]),
    ("--as keeps groups", [config("token: abc, as: joe, as-groups: [g]")], ["--as=jim"]),
    ("--as-group", [config("token: abc, as: joe, as-groups: [g]")],
     ["--as-group=h", "--as-group=i"]),
    ("--as-group without user", [config()], ["--as-group=h"]),
    ("--insecure-skip-tls-verify drops the CA", [config()], ["--insecure-skip-tls-verify"]),
    ("--certificate-authority over data",
     [with_text("certificate-authority: ca.crt", "certificate-authority-data: eA==")],
     ["--certificate-authority=@D/ca.crt"]),
    ("--certificate-authority and insecure", [config()],
     ["--certificate-authority=@D/ca.crt", "--insecure-skip-tls-verify"]),
    ("--tls-server-name", [config(cluster="tls-server-name: wrong")],
     ["--tls-server-name=localhost"]),
    ("--client-certificate", [config()],
     ["--client-certificate=@D/client.crt", "--client-key=@D/client.key"]),
    ("--kubeconfig", [config()], ["--kubeconfig=@D/explicit"]),
    ("--kubeconfig missing", [config()], ["--kubeconfig=@D/missing"]),
    ("unknown cluster in context", [config(context="cluster: z, user: u")],
     ["--request-timeout=1s"]),  # kubectl tries localhost:8080
    # on purpose
    ("--token over token file", [config("tokenFile: token")], ["--token=flag"],
     "what the user just typed counts; kubectl sends the file's"),
    ("CA data over CA file", [config(cluster='certificate-authority-data: "@CA"')], [],
     "the API's documentation: data overrides; kubectl refuses"),
    ("certificate data over file",
     [config("client-certificate: no, client-key: no, client-certificate-data: @CERT, "
             "client-key-data: @KEY")], [],
     "the API's documentation: data overrides; kubectl refuses"),
    ("a number as token", [config("token: 123")], [], "kubectl refuses; the text is clear"),
    ("two documents", [config() + "---\na: b\n"], [], "kubectl ignores all but the first"),
    ("server with a password", [with_text("https://", "").replace("@T", "@USER")], [],
     "kubectl sends it"),
]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = []

    def do_GET(self):
        certificate = None
        if isinstance(self.connection, ssl.SSLSocket):
            certificate = self.connection.getpeercert(True)
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        path = self.path.split("?")[0]
        if path.endswith("/version"):
            Handler.seen.append({
                "server": f"{scheme}://127.0.0.1:{self.server.server_port}"
                          + path[:-len("/version")],
                "authorization": self.headers.get("Authorization"),
                "compression": self.headers.get("Accept-Encoding") == "gzip",
                "impersonation": sorted(
                    (key.lower(), value) for key, value in self.headers.items()
                    if key.lower().startswith("impersonate-")),
                "certificate": certificate and hashlib.sha256(certificate).hexdigest(),
            })
        body = b'{"major":"1","minor":"32","gitVersion":"v1.32.0"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *arguments):
        pass


PLUGIN = r"""#!/bin/sh
reply() {
	echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/'"$1"'","status":'"$2"'}'
}
case $1 in
token) reply v1 '{"token":"from-plugin"}' ;;
certificate) cat "$(dirname "$0")/certificate.json" ;;
environment) reply v1 '{"token":"'"$WORD-$HOME"'"}' ;;
info) reply v1 '{"token":"'"$(echo "$KUBERNETES_EXEC_INFO" | "$(dirname "$0")/sorted")"'"}' ;;
nothing) reply v1 '{}' ;;
half) reply v1 '{"clientKeyData":"x"}' ;;
version) reply v1beta1 '{"token":"from-plugin"}' ;;
beta) reply v1beta1 '{"token":"from-beta"}' ;;
*) echo sorry >&2; exit 1 ;;
esac
"""

SORTED = """#!/usr/bin/env python3
import base64, json, sys
text = json.dumps(json.load(sys.stdin), sort_keys=True)
print(base64.b64encode(text.encode()).decode())
"""


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make_keys():
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj",
            "/CN=test", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", "client.key", "-out", "client.csr", "-subj", "/CN=client")
    openssl("x509", "-req", "-in", "client.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "client.crt", "-days", "2")


def read(path, mode="r"):
    with open(path, mode) as file:
        return file.read()


def write(path, text, mode=0o600):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def make_files():
    make_keys()
    write("token", "  from-file\n\n")
    write("sub/token", "of-sub\n")
    write("plugin", PLUGIN, 0o755)
    write("sorted", SORTED, 0o755)
    write("bin/plugin-on-path", PLUGIN, 0o755)
    write("certificate.json", json.dumps({
        "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
        "status": {"clientCertificateData": read("client.crt"),
                   "clientKeyData": read("client.key")}}))
    os.mkdir("home")


def start_servers():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("ca.crt", "ca.key")
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations("ca.crt")
    servers = [Server(("127.0.0.1", 0), Handler) for _ in range(2)]
    servers[0].socket = context.wrap_socket(servers[0].socket, server_side=True)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    data = {name: base64.b64encode(read(path, "rb")).decode() for name, path in
            (("@CA", "ca.crt"), ("@CERT", "client.crt"), ("@KEY", "client.key"))}
    tls, plain = (server.server_port for server in servers)
    lines = data["@CA"]
    return {
        "@CERT": data["@CERT"], "@CA": data["@CA"], "@KEY": data["@KEY"],
        "@LINES": lines[:64] + "\\n" + lines[64:] + "\\n",
        "@HOST": f"127.0.0.1:{plain}", "@USER": f"https://me:pw@127.0.0.1:{tls}",
        "@T": f"https://127.0.0.1:{tls}", "@P": f"http://127.0.0.1:{plain}",
        "@D": os.getcwd(),
    }


def fill(text, words):
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def write_files(texts, words):
    paths = []
    for number, text in enumerate(texts):
        path = os.path.abspath(f"config{number}")
        if text and text.startswith("sub:"):
            path, text = os.path.abspath(f"sub/config{number}"), text[4:]
        paths.append(path)
        if os.path.exists(path):
            os.unlink(path)
        if text is not None:
            write(path, fill(text, words))
    return ":".join(paths)


def ask_kubectl(arguments, environment):
    Handler.seen.clear()
    result = subprocess.run(["kubectl", "version", *arguments], env=environment,
                            stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if result.returncode or not Handler.seen:
        return None, result.stderr.strip()
    return Handler.seen[-1], ""


def headers_of(impersonation):
    headers = [("impersonate-group", group) for group in impersonation["groups"]]
    if impersonation["user"]:
        headers.append(("impersonate-user", impersonation["user"]))
    if impersonation["uid"]:
        headers.append(("impersonate-uid", impersonation["uid"]))
    for key, values in impersonation["extra"].items():
        name = "impersonate-extra-" + urllib.parse.quote(key.lower(), safe="")
        headers += [(name, value) for value in values]
    return sorted(headers)


def ask_us(program, arguments, environment):
    result = subprocess.run([program, *[a for a in arguments if "timeout" not in a]],
                            env=environment, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True)
    if result.returncode == 2:
        return None, result.stderr.strip()
    if result.returncode:
        raise SystemExit(f"{program} ended with {result.returncode}: {result.stderr}")
    us = json.loads(result.stdout)
    certificate = us["client_certificate"]
    return {
        "server": us["server"],
        "authorization": us["authorization"],
        "compression": not us["disable_compression"],
        "impersonation": headers_of(us["impersonation"]),
        "certificate": certificate and hashlib.sha256(
            ssl.PEM_cert_to_DER_cert(certificate)).hexdigest(),
    }, ""


def compare(program, case, words):
    name, files, arguments = case[:3]
    reason = case[3] if len(case) > 3 else None
    environment = {"PATH": os.getcwd() + "/bin:" + os.environ["PATH"],
                   "HOME": os.getcwd() + "/home"}
    if files:
        environment["KUBECONFIG"] = write_files(files, words)
    arguments = [fill(argument, words) for argument in arguments]
    theirs, why_not = ask_kubectl(arguments, environment)
    ours, why_not_us = ask_us(program, arguments, environment)
    agree = theirs == ours
    good = agree != bool(reason)
    print(f"{'ok  ' if good else 'FAIL'} {name}: "
          + (why_not_us or (ours and ours["server"]) or "")
          + (f" [{reason}]" if reason else ""))
    if not good:
        print(f"     kubectl: {theirs or why_not}\n     we:      {ours or why_not_us}")
    return good


def kubectl_minor():
    result = subprocess.run(["kubectl", "version", "--client", "-o", "json"], check=True,
                            capture_output=True, text=True)
    return int(json.loads(result.stdout)["clientVersion"]["minor"].rstrip("+"))


def is_known(case, minor):
    text = "".join(file or "" for file in case[1])
    return all(minor >= since for word, since in SINCE.items() if word in text)


def main():
    program = os.path.abspath(sys.argv[1])
    for tool in ("kubectl", "openssl"):
        if not shutil.which(tool):
            print(f"no {tool}: skipped")
            return SKIP
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        make_files()
        words = start_servers()
        write("explicit", fill(config("token: explicit"), words))
        minor = kubectl_minor()
        cases = [case for case in CASES if is_known(case, minor)]
        bad = [case[0] for case in cases if not compare(program, case, words)]
        os.chdir("/")
    print(f"{len(cases)} cases, {len(CASES) - len(cases)} too new for kubectl 1.{minor}, "
          f"{len(bad)} bad")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
