# SPDX-License-Identifier: Apache-2.0
"""supervisor_server.py PORT CERT KEY CA SECRET AHEAD: what a K3s node asks of its server
when it joins, with a clock so many seconds ahead."""
import base64
import http.server
import ssl
import sys
import time

port, certificate, key, authority, secret = int(sys.argv[1]), *sys.argv[2:6]
ahead = float(sys.argv[6])
with open(authority, "rb") as file:
    bundle = file.read()


class Supervisor(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + ahead)

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_known(self):
        kind, _, value = self.headers.get("Authorization", "").partition(" ")
        return kind == "Basic" and base64.b64decode(value).decode() == "node:" + secret

    def do_GET(self):
        if self.path == "/ping":
            self.answer(200, b"pong")
        elif self.path == "/cacerts":
            self.answer(200, bundle)
        elif self.path == "/v1-k3s/config":
            self.answer(200 if self.is_known() else 401, b"{}")
        else:
            self.answer(404, b"")


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


server = Server(("0.0.0.0", port), Supervisor)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
