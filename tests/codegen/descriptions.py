#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The descriptions of QEMU's interfaces, against what real programs say of them.

The programs are those of $QEMU, $QEMU_STORAGE_DAEMON and $QEMU_GA, otherwise
those in PATH.
"""

import copy
import importlib.machinery
import importlib.util
import sys
from pathlib import Path

import tap
from programs import agent_commands, qemu_schema, storage_daemon_schema
from tap import expect

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tools' / 'codegen'))
from description import Description  # noqa: E402


def load_compare():
    """The tool is a program without a suffix."""
    loader = importlib.machinery.SourceFileLoader('compare', str(ROOT / 'tools' / 'codegen' / 'compare'))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader('compare', loader))
    loader.exec_module(module)
    return module


COMPARE = load_compare()


def describe():
    """Our own side."""
    return Description(ROOT / 'qmp-glib' / 'api')


def news(schema):
    """What a comparison finds, but for what is not there."""
    return [line for line in COMPARE.Comparison(describe(), schema).run() if not line.startswith('gone')]


def test_qemu():
    """Every command, event, member and value of QEMU is described as it is."""
    expect(news(qemu_schema()), [])


def test_storage_daemon():
    """And of the storage daemon."""
    expect(news(storage_daemon_schema()), [])


def test_agent():
    """Every command that the agent lists is described, and whether it answers."""
    described = Description(ROOT / 'qga-glib' / 'api').commands
    listed = {each['name']: each['success-response'] for each in agent_commands()}
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


if __name__ == '__main__':
    sys.exit(tap.run(globals()))
