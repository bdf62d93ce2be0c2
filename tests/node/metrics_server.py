# SPDX-License-Identifier: Apache-2.0
"""metrics_server.py PORT CERT KEY FOLDER: the metrics API as metrics-server answers it:
each pod of FOLDER/pods (a line: NAMESPACE NAME CONTAINER...) uses FOLDER/usage of cpu,
the node what FOLDER/node says; read anew for each request."""
import datetime
import http.server
import json
import pathlib
import ssl
import sys

port, certificate, key = int(sys.argv[1]), sys.argv[2], sys.argv[3]
folder = pathlib.Path(sys.argv[4])
GROUP = "metrics.k8s.io/v1beta1"
ROOT = "/apis/" + GROUP


def sample(namespace, name):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata = {"name": name, "creationTimestamp": now}
    if namespace:
        metadata["namespace"] = namespace
    return {"metadata": metadata, "timestamp": now, "window": "15s"}


def usage():
    return {"cpu": (folder / "usage").read_text().strip(), "memory": "9Mi"}


def pods(wanted):
    for line in (folder / "pods").read_text().splitlines():
        namespace, name, *containers = line.split()
        if wanted in (None, namespace):
            yield dict(sample(namespace, name),
                       containers=[{"name": one, "usage": usage()} for one in containers])


def nodes():
    name = (folder / "node").read_text().strip()
    return [dict(sample(None, name), usage={"cpu": "200m", "memory": "900Mi"})]


def listing(kind, items):
    return {"kind": kind, "apiVersion": GROUP, "metadata": {}, "items": list(items)}


def answer(path):
    if path == ROOT:
        return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": GROUP,
                "resources": [{"name": "nodes", "singularName": "", "namespaced": False,
                               "kind": "NodeMetrics", "verbs": ["get", "list"]},
                              {"name": "pods", "singularName": "", "namespaced": True,
                               "kind": "PodMetrics", "verbs": ["get", "list"]}]}
    if path == ROOT + "/nodes":
        return listing("NodeMetricsList", nodes())
    if path == ROOT + "/pods":
        return listing("PodMetricsList", pods(None))
    if path.startswith(ROOT + "/namespaces/") and path.endswith("/pods"):
        return listing("PodMetricsList", pods(path.split("/")[5]))
    return None


class Metrics(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = answer(self.path.split("?")[0].rstrip("/"))
        data = json.dumps(body if body is not None else {}).encode()
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


server = Server(("0.0.0.0", port), Metrics)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
