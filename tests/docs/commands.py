#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""commands.py BINARY: every command that a fix or a verification prints is one that bash can
read, of programs that are known, with sudo where a user's PATH lacks them; and no value gets
out of its quotes, whatever a cluster names its objects."""
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

PROGRAMS = set('''
    apt-get base64 bash bridge cargo cat chmod chronyc clang cmp containerd-shim-X-v1
    containerd-shim-X-v2 cp crictl ctr curl date df dmesg dnf docker du ethtool find findmnt
    firewall-cmd gator getent git grep head helm install ip journalctl k3s kubectl ldconfig
    ldd ln ls make mktemp mount mv nft openssl python3 reboot rm rustup sed sort sqlite3 ss ssh
    sudoedit sysctl systemctl tail tee test timedatectl timeout tr ufw umount update-grub
    vmstat wasm-opt wasm-strip wasmdiag wasmedge xargs
    ./autogen.sh ./configure ${EDITOR:-vi} X
    cd echo kill mkdir printf sleep'''.split())
# In /usr/sbin, which the PATH of a user on Debian does not have.
SBIN = set('bridge ethtool firewall-cmd iptables ldconfig modprobe nft reboot sysctl ufw '
       'update-grub'.split())
# What newer releases of kubectl do not know.
GONE = [r'--record\b', r'--generator\b', r'--short\b', r'componentstatus', r'--export\b',
    r'--delete-local-data\b', r'--dry-run( |$)', r'--dry-run=(true|false)']
HERE = re.compile(r"<<'EOF'\n.*?\nEOF(\n|$)", re.S)
NAMES = set('name namespace node container runtime_class handler storage_class claim webhook '
        'pod target_name service device role'.split())
ODD = ";odd;'"


def said(*arguments, text=None):
    run = subprocess.run(arguments, input=text, capture_output=True, text=True, check=False)
    return json.loads(run.stdout or '[]')


def commands_of(guide):
    yield from (command for step in guide['fix'] for command in step['commands'])
    yield from guide['verify']


def tokens(command):
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ''
    return list(lexer)


def programs(command):
    """Each program that a command runs, and whether as root."""
    first = root = False
    for token in [';'] + tokens(HERE.sub('\n', command).replace('\n', ' ; ')):
        if set(token) <= set(';|&()'):
            first, root = True, False
        elif not first or token == 'time' or re.match(r'[A-Z_]+=', token):
            continue
        elif token == 'sudo':
            root = True
        else:
            yield token, root
            first = False


def faults(template):
    """What is wrong with a command whose {placeholders} are not filled in."""
    plain = re.sub(r'\{[a-z_]+\}', 'X', template)
    for program, root in programs(plain):
        if program not in PROGRAMS and program not in SBIN:
            yield f'{program} is not among the programs known'
        if program in SBIN and not root:
            yield f'{program} needs sudo'
    for gone in GONE:
        if 'kubectl' in plain and re.search(gone, plain):
            yield f'kubectl has no {gone} any more'


def renamed(facts):
    """The same facts, with names that mean something to a shell."""
    if isinstance(facts, list):
        return [renamed(item) for item in facts]
    if not isinstance(facts, dict):
        return facts
    return {key: value + ODD if key in NAMES and isinstance(value, str) and value
        else renamed(value) for key, value in facts.items()}


def unreadable(command):
    """What bash has against a command, and whether a name became a word of its own."""
    run = subprocess.run(['bash', '-n'], input=command, capture_output=True, text=True,
                 check=False)
    if run.stderr:
        return run.stderr
    return 'odd' in tokens(HERE.sub('\n', command)) and 'a value is not quoted'


def filled_in(binary, facts):
    """(code, command) of a case, with its names and with names that a shell would run."""
    arguments = facts.with_name('arguments')
    words = arguments.read_text().split() if arguments.exists() else []
    text = facts.read_text()
    try:
        texts = [text, json.dumps(renamed(json.loads(text)))]
    except ValueError:
        texts = [text]
    for snapshot in texts:
        report = said(binary, facts.parts[-3], '--facts', '-', '-o', 'json', *words,
                  text=snapshot)
        for finding in report['findings'] if report else []:
            for command in commands_of(finding):
                yield finding['code'], command


def main():
    binary, top = sys.argv[1], Path(__file__).resolve().parents[2]
    codes = [code['code'] for check in said(binary, 'list', '-o', 'json')
         for code in check['codes']]
    templates = [(code, command) for code in codes
             for command in commands_of(said(binary, 'explain', code, '-o', 'json')[0])]
    wrong = [f'{code}: {command}: {fault}' for code, command in templates
         for fault in faults(command)]
    filled = {pair for facts in top.glob('tests/checks/*/*/facts.json')
          for pair in filled_in(binary, facts)}
    wrong += [f'{code}: {command}: {fault}' for code, command in sorted(filled)
          for fault in [unreadable(command)] if fault]
    if wrong:
        print('\n'.join(wrong), file=sys.stderr)
    print(f'{len(templates)} commands, {len(filled)} filled in')
    return 1 if wrong or not filled else 0


if __name__ == '__main__':
    sys.exit(main())
