# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What a guest can say to harm whoever looks at it: in each text that a verb shows,
# to a pipe and to a terminal.
import base64
import json
import random
import re
import subprocess
import sys
import unicodedata

from agents import FakeAgent, Refusal
from harness import LONGEST, equal, run_all, test
from terminal import Terminal

HARMFUL = ['\x1b[2J', '\x1b]0;title\x07', '\x1b]52;c;YQ==\x1b\\', '\x1bP+q\x1b\\', '\x9b31m', '\x9d0;t\x9c', '\x90', '\r', '\n',
           '\t', '\b\b\b', '\x7f', '\v', '\f', '\x0e', '\x0f', '\x05', '\x1b', '\x1bc', '\u202e', '\u202a', '\u2066', '\u2069',
           '\u200b', '\u200f', '\ufeff', '\u2028', '\u2029', '\ue000', '\U000e0041', '\U0010ffff', '\ufdd0', '%n%s%d', '\\x1b',
           'a\u0301', '\U0001f600', '\u4e2d', '', ' ', '-', 'plain']


def make_texts():
    """500 of them, the same each time."""
    choice = random.Random(23)
    singles = [chr(code) for code in [*range(1, 0x20), *range(0x7f, 0xa0)]]
    mixed = [''.join(choice.choices(HARMFUL + singles, k=choice.randint(1, 6))) for _ in range(500)]
    return (HARMFUL + singles + mixed)[:500]


TEXTS = make_texts()


def is_harmful(character):
    return character not in '\n\t' and unicodedata.category(character) in ('Cc', 'Cf', 'Cs', 'Co', 'Cn', 'Zl', 'Zp')


def check(data, terminal=False):
    """Bytes that a tool has written: harmless text."""
    text = data.decode()
    if terminal:
        text = text.replace('\r\n', '\n')
    found = [character for character in text if is_harmful(character)]
    if found:
        raise AssertionError(f'{found} in {data!r}')
    return text


class Guest(FakeAgent):
    """A guest whose every text comes from a list, one after the other."""

    def __init__(self):
        super().__init__()
        self.used = self.reads = 0
        self.answers = {
            'guest-get-osinfo': lambda _: {name: self.text() for name in (
                'name', 'pretty-name', 'version', 'version-id', 'kernel-release', 'kernel-version', 'machine', 'id', 'variant')},
            'guest-get-host-name': lambda _: {'host-name': self.text()},
            'guest-network-get-interfaces': lambda _: [{
                'name': self.text(), 'hardware-address': self.text(),
                'ip-addresses': [{'ip-address': self.text(), 'ip-address-type': 'ipv4', 'prefix': 3}] * 2} for _ in range(25)],
            'guest-get-users': lambda _: [{'user': self.text(), 'login-time': 1e9, 'domain': self.text()} for _ in range(25)],
            'guest-get-disks': lambda _: [self.disk() for _ in range(25)],
            'guest-get-fsinfo': lambda _: [{'name': self.text(), 'mountpoint': self.text(), 'type': self.text(),
                                            'disk': [self.disk()['address']]} for _ in range(25)],
            'guest-get-time': 0,
            'guest-get-timezone': lambda _: {'offset': 0, 'zone': self.text()},
            'guest-fstrim': lambda _: {'paths': [{'path': self.text(), 'trimmed': -1, 'error': self.text()} for _ in range(25)]},
            'guest-ssh-get-authorized-keys': lambda _: {'keys': [self.text() for _ in range(50)]},
            'guest-get-devices': lambda _: self.refuse(),
            'guest-get-load': lambda _: self.refuse(),
            'guest-x': lambda _: {self.text() + str(number): [self.text()] for number in range(25)},
        }

    def text(self):
        self.used += 1
        return TEXTS[self.used % len(TEXTS)]

    def disk(self):
        return {'name': self.text(), 'partition': False, 'dependencies': [self.text(), self.text()], 'alias': self.text(),
                'address': {'pci-controller': {'domain': 0, 'bus': 0, 'slot': 0, 'function': 0}, 'bus-type': 'unknown',
                            'bus': 0, 'target': 0, 'unit': 0, 'serial': self.text(), 'dev': self.text()}}

    def refuse(self):
        raise Refusal(self.text() + self.text())

    def reading(self):
        """Whether there is something left of the file."""
        self.reads += 1
        return self.reads == 1

    def answer(self, name, arguments):
        if name == 'guest-info':
            known = super().answer(name, arguments)
            return {**known, 'version': TEXTS[self.used % len(TEXTS)]}
        return super().answer(name, arguments)


VERBS = [['ping'], ['info'], ['osinfo'], ['hostname'], ['network'], ['users'], ['disks'], ['filesystems'], ['time'], ['load'],
         ['fstrim'], ['ssh-keys', 'list', 'root'], ['call', 'guest-get-devices'], ['call', '-u', 'guest-x']]


@test
def nothing_harmful_goes_to_a_pipe(guest):
    for words in VERBS:
        for _ in range(12):
            process = subprocess.run(guest.qgactl.command(*words), capture_output=True, timeout=LONGEST)
            check(process.stdout)
            check(process.stderr)
    equal(guest.used > 4 * len(TEXTS), True)


@test
def json_is_harmless_and_says_the_same(guest):
    for words in VERBS:
        process = subprocess.run(guest.qgactl.command(*words, '--json'), capture_output=True, timeout=LONGEST)
        text = check(process.stdout)
        if process.returncode == 0:
            json.loads(text)
    guest.used = 0
    for expected in TEXTS:
        guest.answers['guest-get-host-name'] = {'host-name': expected}
        equal(guest.qgactl.run('hostname', '-j').json, {'host-name': expected})


@test
def each_text_is_one_line(guest):
    for text in TEXTS[:120]:
        guest.answers['guest-get-host-name'] = {'host-name': text}
        process = subprocess.run(guest.qgactl.command('hostname'), capture_output=True, timeout=LONGEST)
        equal(check(process.stdout).count('\n'), 1)


@test
def nothing_harmful_goes_to_a_terminal(guest):
    for words in VERBS:
        with Terminal(guest.qgactl, *words) as terminal:
            while terminal.read():
                pass
            check(terminal.all, terminal=True)


@test
def styles_are_the_only_sequences(guest):
    with Terminal(guest.qgactl, 'users', NO_COLOR='') as terminal:
        while terminal.read():
            pass
        equal(b'\x1b[1mUSER\x1b[0m' in terminal.all, True)
        check(re.sub(rb'\x1b\[\d*m', b'', terminal.all), terminal=True)


@test
def what_commands_and_files_say_is_cleaned_on_a_terminal(guest):
    every = ''.join(TEXTS).encode() + bytes(range(256)) + b'\0\xff\xc2'
    coded = base64.b64encode(every).decode()
    guest.answers.update({
        'guest-exec': {'pid': 1}, 'guest-exec-status': {'exited': True, 'exitcode': 0, 'out-data': coded, 'err-data': coded},
        'guest-file-open': 1, 'guest-file-close': {},
        'guest-file-read': lambda _: {'count': len(every), 'buf-b64': coded, 'eof': True} if guest.reading()
                           else {'count': 0, 'buf-b64': '', 'eof': True}})
    for words in (['exec', 'x'], ['cat', 'x']):
        guest.reads = 0
        with Terminal(guest.qgactl, *words) as terminal:
            terminal.ends(0)
            check(terminal.all, terminal=True)
            equal(len(terminal.all) > len(every), True)
        guest.reads = 0
        process = subprocess.run(guest.qgactl.command(*words), capture_output=True, timeout=LONGEST)
        equal(process.stdout == every, True)


@test
def what_is_no_json_is_refused(guest):
    for raw in (b'{"host-name": "\\u0000"}', b'{"host-name": "\xff"}', b'{"host-name": "\\ud800"}', b'{"host-name": "\x1b[2J"}',
                b'{"host-name": 7}', b'{}x', b'[]', b'{"host-name": "' + b'\\u001b[2J' * 600000 + b'"}'):
        guest.answers['guest-get-host-name'] = raw
        process = subprocess.run(guest.qgactl.command('hostname', '-t', '5'), capture_output=True, timeout=LONGEST)
        check(process.stderr)
        equal((process.returncode in (1, 4), process.stdout), (True, b''))
        equal(len(process.stderr) < 5000, True)


sys.exit(run_all(Guest))
