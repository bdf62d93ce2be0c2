# SPDX-License-Identifier: Apache-2.0
"""webhook_server.py PORT CERT KEY SECONDS [MESSAGE]: an admission webhook that allows
everything, after so many seconds, or with a message denies everything."""
import http.server
import json
import ssl
import sys
import time

port, certificate, key, seconds = int(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])
message = sys.argv[5] if len(sys.argv) > 5 else None


class Webhook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body):
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.answer({})

    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(seconds)
        response = {"uid": review["request"]["uid"], "allowed": message is None}
        if message is not None:
            response["status"] = {"code": 403, "message": message}
        self.answer({"apiVersion": review["apiVersion"], "kind": "AdmissionReview",
                     "response": response})


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


server = Server(("0.0.0.0", port), Webhook)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
