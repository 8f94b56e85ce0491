#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The descriptions of QEMU's interfaces, against what real programs say of them.

The programs are those of $QEMU, $QEMU_STORAGE_DAEMON and $QEMU_GA, otherwise
those in PATH.
"""

import copy
import importlib.machinery
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tools' / 'codegen'))
from description import Description, DescriptionError  # noqa: E402


def load_compare():
    """The tool is a program without a suffix."""
    loader = importlib.machinery.SourceFileLoader('compare', str(ROOT / 'tools' / 'codegen' / 'compare'))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader('compare', loader))
    loader.exec_module(module)
    return module


COMPARE = load_compare()


def program(variable, otherwise):
    """A program from the environment."""
    return os.environ.get(variable) or otherwise


def ask_for_schema(*arguments):
    """Runs a program that speaks QMP on its standard streams."""
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            server.stdin.write('{"execute":"qmp_capabilities"}{"execute":"query-qmp-schema"}')
            server.stdin.flush()
            for line in server.stdout:
                reply = json.loads(line)
                if isinstance(reply.get('return'), list):
                    return reply['return']
        finally:
            server.kill()
    raise AssertionError(f'{arguments[0]} gave no schema')


def qemu_schema():
    """Of the emulator."""
    return ask_for_schema(program('QEMU', 'qemu-system-x86_64'), '-machine', 'none', '-nodefaults', '-display', 'none',
                          '-qmp', 'stdio')


def describe():
    """Our own side."""
    return Description(ROOT / 'qmp-glib' / 'api')


def news(schema):
    """What a comparison finds, but for what is not there."""
    return [line for line in COMPARE.Comparison(describe(), schema).run() if not line.startswith('gone')]


def expect(found, expected):
    """Two values are equal."""
    assert found == expected, f'{found!r} is not {expected!r}'


def test_qemu():
    """Every command, event, member and value of QEMU is described as it is."""
    expect(news(qemu_schema()), [])


def test_storage_daemon():
    """And of the storage daemon."""
    daemon = program('QEMU_STORAGE_DAEMON', 'qemu-storage-daemon')
    expect(news(ask_for_schema(daemon, '--chardev', 'stdio,id=monitor', '--monitor', 'chardev=monitor')), [])


def ask_agent(folder):
    """What guest-info says."""
    path = f'{folder}/agent'
    arguments = [program('QEMU_GA', 'qemu-ga'), '-m', 'unix-listen', '-p', path, '-t', folder, '-l', '/dev/null']
    with subprocess.Popen(arguments, stdin=subprocess.DEVNULL) as agent, socket.socket(socket.AF_UNIX) as client:
        try:
            while client.connect_ex(path) != 0:
                assert agent.poll() is None, f'{arguments[0]} has ended'
                time.sleep(0.001)
            client.sendall(b'{"execute":"guest-info"}\n')
            with client.makefile() as replies:
                return json.loads(replies.readline())['return']['supported_commands']
        finally:
            agent.kill()


def test_agent():
    """Every command that the agent lists is described, and whether it answers."""
    described = Description(ROOT / 'qga-glib' / 'api').commands
    with tempfile.TemporaryDirectory() as folder:
        listed = {each['name']: each['success-response'] for each in ask_agent(folder)}
    expect(sorted(listed.keys() - described.keys()), [])
    expect({name: 'unanswered' not in described[name].notes for name in listed}, listed)


def entry_of(schema, name):
    """A named entry of a schema."""
    return next(entry for entry in schema if entry['name'] == name)


def test_news():
    """A newer QEMU's schema: what is new, gone or changed is found, with its path."""
    schema = copy.deepcopy(qemu_schema())
    expect(news(schema), [])
    schema.append({'name': 'query-tea', 'meta-type': 'command', 'arg-type': entry_of(schema, 'stop')['arg-type'],
                   'ret-type': entry_of(schema, 'stop')['ret-type']})
    status = entry_of(schema, entry_of(schema, 'query-status')['ret-type'])
    next(member for member in status['members'] if member['name'] == 'running')['type'] = 'str'
    status['members'].append({'name': 'mood', 'type': 'str'})
    states = entry_of(schema, next(member['type'] for member in status['members'] if member['name'] == 'status'))
    states['values'].append('asleep')
    schema.remove(entry_of(schema, 'STOP'))
    entry_of(schema, 'stop').setdefault('features', []).append('deprecated')
    found = COMPARE.Comparison(describe(), schema).run()
    for line in ('new command: query-tea', 'changed: query-status ->.running: expected bool, found string',
                 'new member: query-status ->.mood', 'new value: query-status ->.status.asleep',
                 'gone event: STOP', 'newly deprecated: stop'):
        assert line in found, f'“{line}” was not said: {found}'


def test_bad_descriptions():
    """What is wrong in a description is named, with its file and line."""
    bad = {
        'struct A\n  b: nothing\n': 'there is no type nothing',
        'struct A\n  b int\n': 'bad.api:2: this is no member: b int',
        '  b: int\n': 'bad.api:1: this belongs to no entry',
        'structure A\n': 'bad.api:1: this is no entry',
        'union A\n  b: int\n': 'bad.api:1: a union, and nothing else, has a tag',
        'union A by b\n  b: int\n': 'its tag b is no enum',
        'enum E\n  x\nunion A by b\n  b: E\n  = y: A\n': 'y is no E',
        'struct A\n  b: int\n  b: str\n': 'a name is there twice',
        'struct A\nstruct A\n': 'A is there twice',
        'command c -> Nothing\n': 'there is no type Nothing',
    }
    for text, complaint in bad.items():
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, 'bad.api').write_text(text, encoding='utf-8')
            try:
                Description(folder)
            except DescriptionError as error:
                assert complaint in str(error), f'“{error}” does not say “{complaint}”'
            else:
                raise AssertionError(f'this was taken: {text!r}')


def main():
    """Runs all, in TAP."""
    tests = [value for name, value in globals().items() if name.startswith('test_')]
    print(f'1..{len(tests)}')
    failed = 0
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f'ok {number} {test.__name__}')
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print(f'not ok {number} {test.__name__}')
            print('# ' + traceback.format_exc().replace('\n', '\n# '))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
