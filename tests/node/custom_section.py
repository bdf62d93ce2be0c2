#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""custom_section.py MODULE NAME PAYLOAD: append a custom section to a module.

PAYLOAD is hexadecimal, or zero:SIZE for that many zero bytes."""
import sys


def leb(number):
    out = b""
    while True:
        byte, number = number & 0x7F, number >> 7
        out += bytes([byte | (0x80 if number else 0)])
        if not number:
            return out


path, name, payload = sys.argv[1:]
size = payload.removeprefix("zero:")
data = bytes(int(size)) if size != payload else bytes.fromhex(payload)
body = leb(len(name)) + name.encode() + data
with open(path, "ab") as module:
    module.write(b"\0" + leb(len(body)) + body)
