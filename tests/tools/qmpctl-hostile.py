# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Whatever a QEMU says, nothing of it reaches the terminal but letters.
import random
import re
import sys
import unicodedata

from fake_qemu import FakeQemu, fail
from harness import Tool, equal, run_all, test
from terminal import run_in_terminal

# The tool's own: styles, and a line or several that are written anew.
OURS = re.compile(r'\033\[(?:[012]|3[126])m|\r\033\[K|\033\[[0-9]{1,4}A\033\[J')


def make_samples():
    """What moves cursors, changes colours, sets titles, asks terminals, or turns text around."""
    starts = ['\033', '\x9b', '\x9d', '\x90', '\033[', '\033]', '\033P', '\033_', '\033^', '\033X', '\033%', '\033(']
    ends = ['2J', '31m', '0;title\x07', '0;title\033\\', '6n', 'c', '1;1H', '?1049h', '52;c;aGk=\x07', '8;;http://x\033\\', 'q', '\x9c']
    samples = [start + end for start in starts for end in ends]
    samples += [chr(code) for code in [*range(1, 0x20), *range(0x7f, 0xa0)]]
    samples += [chr(code) for code in [0xad, 0x61c, 0x200b, 0x200e, 0x200f, *range(0x202a, 0x202f), *range(0x2028, 0x202a),
                                       *range(0x2060, 0x2070), 0xfeff, 0xfff9, 0xe0001, 0xe0041, 0xe000, 0x10ffff, 0x378]]
    samples += ['a\nb', 'a\r\nb', 'over\rwritten', 'a\tb', '\b\b\b', '\v\f', '%s%n%d', '\\x1b[2J', '', ' ', '\u0301' * 50, 'é漢🙂']
    generator = random.Random(7)
    pool = [chr(code) for code in [*range(1, 0x100), 0x202e, 0x2066, 0x2069, 0xfeff, 0x1f642]]
    samples = dict.fromkeys(samples)
    while len(samples) < 500:
        samples[''.join(generator.choices(pool, k=generator.randint(1, 12)))] = None
    return list(samples)


SAMPLES = make_samples()
CHUNKS = ['x'.join(SAMPLES[i:i + 50]) for i in range(0, len(SAMPLES), 50)]


def make_answers(bad):
    """What a machine says that is made of `bad` only, but for what gives it its shape."""
    bads = {'name': bad, 'type': bad}
    return {
        'query-name': {'name': bad},
        'query-uuid': {'UUID': bad},
        'query-status': {'status': bad, 'running': True},
        'query-target': {'arch': bad},
        'query-memory-size-summary': {'base-memory': bad},
        'job-pause': lambda _: fail(bad, bad),
        'human-monitor-command': bad,
        'qom-set': lambda _: fail(bad),
        'device_add': lambda _: fail(bad),
        'blockdev-add': lambda _: fail(bad),
        'migrate-set-capabilities': {},
        'migrate': lambda _: fail(bad),
        'send-key': lambda _: fail(bad),
        'input-send-event': lambda _: fail(bad),
        'screendump': lambda _: fail(bad),
        'stop': lambda _: fail(bad, bad),
        'quit': lambda _: fail(bad, bad),
        'query-balloon': lambda _: fail(bad, bad),
        'query-accelerators': {'enabled': bad},
        'query-cpus-fast': [],
        'query-jobs': [{'id': bad, 'type': bad, 'status': bad, 'current-progress': 1, 'total-progress': 2, 'error': bad}],
        'query-migrate': {'status': bad, 'error-desc': bad, 'downtime': bad},
        'query-block': [{'device': bad, 'qdev': bad, 'inserted': {
            'node-name': bad, 'drv': bad, 'file': bad, 'ro': False, 'image': {'virtual-size': 1, 'snapshots': [
                {'name': bad, 'id': bad, 'vm-state-size': 1, 'date-sec': 1, 'vm-clock-sec': 1}, {'name': 'a'}]}}}],
        'qom-list': [bads, {'name': bad, 'type': f'child<{bad}>'}, {'name': 'mac', 'type': bad}, {'name': 'netdev', 'type': bad}],
        'qom-get': bad,
    }


# Every verb that prints what QEMU says.
VERBS = [
    ['info'],
    ['jobs'],
    ['jobs', '--watch', '--timeout', '0.05'],
    ['jobs', 'wait', 'a'],
    ['jobs', 'pause', 'a'],
    ['wait', '--state', 'a', '--timeout', '0.05'],
    ['pause'],
    ['migrate', 'a'],
    ['migrate', 'status'],
    ['device', 'list'],
    ['device', 'add', 'a'],
    ['disk', 'add', 'a'],
    ['disk', 'remove', 'a'],
    ['snapshot', 'list'],
    ['snapshot', 'save', 'a'],
    ['snapshot', 'delete', 'a'],
    ['overlay', 'list', 'a'],
    ['overlay', 'add', 'a', 'b'],
    ['tree', '--depth', '2'],
    ['get', '/machine'],
    ['get', '/machine', 'a'],
    ['set', '/machine', 'a', 'b'],
    ['hmp', 'info'],
    ['keys', 'a'],
    ['type', 'a'],
    ['screenshot', '/nowhere/file'],
    ['quit'],
    ['powerdown', '--wait', '--timeout', '0.05'],
    ['call', 'query-jobs'],
    ['call', 'query-balloon'],
]


def check(text, words):
    for character in text:
        if character not in '\n\t' and unicodedata.category(character) in ('Cc', 'Cf', 'Zl', 'Zp', 'Cs', 'Co', 'Cn'):
            raise AssertionError(f'{words}: U+{ord(character):04X} in {text!r}')


class Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


@test
def there_are_enough_samples(_):
    equal(len(SAMPLES), 500)
    equal(len(set(SAMPLES)), 500)


@test
def each_of_them_is_shown_harmlessly(_):
    for sample in SAMPLES:
        with FakeQemu(make_answers(sample), package=sample) as fake:
            outcome = Tool('QMPCTL', fake.address).run('info')
        check(outcome.out, sample)


@test
def no_verb_lets_them_through(_):
    for chunk in CHUNKS:
        with FakeQemu(make_answers(chunk), package=chunk) as fake:
            for words in VERBS:
                for options in ([], ['--json']):
                    outcome = Tool('QMPCTL', fake.address).try_run(*words, *options)
                    equal(outcome.status in (0, 1, 4), True)
                    check(outcome.out + outcome.err, words)


@test
def nor_to_a_terminal(_):
    for chunk in CHUNKS:
        with FakeQemu(make_answers(chunk), package=chunk) as fake:
            for words in VERBS:
                status, out = run_in_terminal(Tool('QMPCTL', fake.address).command(*words), {'TERM': 'xterm', 'NO_COLOR': ''})
                equal(status in (0, 1, 4), True)
                check(OURS.sub('', out), words)


@test
def what_is_no_text_fails_harmlessly(_):
    for text in ('\\u0000', 'a\\u0000\\u001b[2J', '\\ud800', '\\udc00\\u001b', '\033[2J'):
        with FakeQemu(make_answers(''), raw={'query-name': '{"return": {"name": "%s"}, "id": ID}' % text}) as fake:
            outcome = Tool('QMPCTL', fake.address).try_run('call', 'query-name')
            check(outcome.out + outcome.err, text)
            equal((outcome.status in (1, 3), outcome.out), (True, ''))


sys.exit(run_all(Nothing))
