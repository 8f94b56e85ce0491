#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What typed calls send, against what real programs say that they take.

Each command is called with all of its arguments, once as properties and once by
setters; each branch, alternative and value of an enum is sent at least once.
"""

import os
import socket
import sys
import warnings

import tap
from peer import REFUSAL, Agent, Monitor
from programs import ask_qemu
from sampler import Sampler
from schema import by_name, find_faults, from_description
from tap import expect
from typed import GLib, Gio, Library
# the generator's own, which the line above makes known
from description import BUILTIN

WAIT = 20000  # milliseconds, for what takes none
TURNS = 1000  # at most; a union has some fifty branches, and an enum in one of them a dozen values


class Session:
    """A connection to a peer; a new one if it has ended."""

    def __init__(self, library):
        self.library = library
        self.connection = None
        self.open()

    def open(self):
        """A pair of sockets."""
        near, far = socket.socketpair()
        stream = Gio.Socket.new_from_fd(near.detach()).connection_factory_create_connection()
        if self.library.prefix == 'Qmp':
            self.peer = Monitor(far)
        else:
            commands = self.library.description.commands.values()
            self.peer = Agent(far, {each.name: 'unanswered' not in each.notes for each in commands})
        self.peer.start()
        self.connection = self.library.space.Connection.open_stream(stream, None, None)
        self.connection.set_default_timeout(WAIT)

    def refuse(self, function, *given):
        """A call that the peer refuses; what is not sent at all is a fault."""
        try:
            function(*given)
        except GLib.Error as error:
            return None if REFUSAL in error.message else error.message
        return None

    def run(self, call, given, blocks):
        """One call in either form; gives what was sent."""
        if self.connection.get_state() != self.library.space.ConnectionState.OPEN:
            self.open()
        self.peer.forget()
        name = call.symbol.split('_connection_')[1]
        if blocks:
            fault = self.refuse(getattr(self.connection, name), *given, None)
        else:
            results = []
            getattr(self.connection, f'{name}_async')(*given, None, lambda _, result: results.append(result))
            while not results:
                GLib.MainContext.default().iteration(True)
            fault = self.refuse(getattr(self.connection, f'{name}_finish'), results[0])
        sent = self.peer.find(call.entry.name)
        return sent, fault


class Run:
    """All commands of one version."""

    def __init__(self, library, schema, sampler):
        self.library, self.schema, self.sampler = library, schema, sampler
        self.session = Session(library)
        self.faults, self.calls, self.values = [], 0, 0

    def call(self, call, blocks, branch=None):
        """One call, and whether it is what was meant, and what is taken."""
        self.sampler.by_setters = not blocks
        takes = self.schema[call.entry.name]['arg-type']
        given, expected = self.sampler.make_call(call, takes, branch)
        at = len(call.positional)
        if 'passes-fd' in call.entry.notes:
            with open(os.devnull, encoding='utf-8') as file:
                sent, fault = self.session.run(call, [*given[:at], file.fileno(), *given[at:]], blocks)
        else:
            sent, fault = self.session.run(call, given, blocks)
        self.calls += 1
        if fault is not None or len(sent) != 1:
            self.faults.append(f'{call.entry.name}: sent {len(sent)} times: {fault}')
            return
        if sent[0] != expected:
            self.faults.append(f'{call.entry.name}: sent {sent[0]}, not {expected}')
        faults, count = find_faults(self.schema, takes, sent[0])
        self.faults += [f'{call.entry.name}{each}' for each in faults]
        self.values += count

    def branches(self, call):
        """Of a union that a command takes, each in a call of its own."""
        if call.arguments and call.arguments.tag:
            return self.sampler.branches_of(call.arguments, self.schema[call.entry.name]['arg-type'])
        return [None]

    def run(self, commands):
        """Everything once, and then what is left."""
        reach = {}
        for call in commands:
            reach[call.entry.name] = self.sampler.reach(call, self.schema[call.entry.name]['arg-type'])
            for branch in self.branches(call):
                self.sampler.sent.add(('branch', call.arguments.name, branch)) if branch else None
                self.call(call, True, branch)
                self.call(call, False, branch)
        self.exhaust(commands, reach)

    def exhaust(self, commands, reach):
        """Calls again whatever leads to something that was not sent yet: branches of branches come in turn."""
        left = set().union(*reach.values()) - self.sampler.sent
        for _ in range(TURNS):
            for call in commands:
                for branch in self.branches(call) if reach[call.entry.name] & left else []:
                    self.call(call, True, branch)
                    left -= self.sampler.sent
        self.faults += [f'{" ".join(each)}: it was never sent' for each in sorted(left)]


def check(what, library, schema, version):
    """All calls of one version."""
    sampler = Sampler(library, schema, version)
    commands = [call for name, call in library.model.calls.items() if sampler.has(call.entry.notes, name in schema, name)]
    run = Run(library, schema, sampler)
    run.run(commands)
    faults = sorted({*run.faults, *sampler.faults})
    assert not faults, f'{len(faults)} faults:\n' + '\n'.join(each[:600] for each in faults)
    chosen = {kind: sum(each[0] == kind for each in sampler.sent) for kind in ('branch', 'alternative', 'value')}
    print(f'# {what}: {len(commands)} commands, {run.calls} calls, {run.values} values; {chosen["branch"]} branches, '
          f'{chosen["alternative"]} alternatives and {chosen["value"]} values of enums were sent; '
          f'this build is without {len(sampler.left_out)} things: {", ".join(sorted(sampler.left_out)) or "none"}')


def test_qemu():
    """The emulator."""
    schema, version = ask_qemu()
    check(f'QEMU {version[0]}.{version[1]}', Library('Qmp'), by_name(schema), version)


def test_agent():
    """The agent does not say what its commands take: the description does."""
    library = Library('Qga')
    everything = (1 << 16, 0)
    check('the agent', library, from_description(library.description, BUILTIN), everything)


def test_strictness():
    """What QEMU would refuse is refused here."""
    schema = by_name(ask_qemu()[0])
    for command, arguments, complaint in (
            ('system_reset', {'now': True}, '.now: it is unknown'),
            ('block-job-set-speed', {'device': 'a'}, '.speed: it is missing'),
            ('block-job-set-speed', {'device': 'a', 'speed': '1'}, ".speed: '1' is no int"),
            ('block-job-set-speed', {'device': 'a', 'speed': True}, '.speed: True is no int'),
            ('set_link', {'name': 'a', 'up': 1}, '.up: 1 is no boolean'),
            ('set-action', {'panic': 'tea'}, '.panic: there is no value tea'),
            ('blockdev-add', {'driver': 'file', 'filename': 'x', 'tea': 1}, '.tea: it is unknown'),
            ('blockdev-add', {'driver': 'file'}, '.filename: it is missing'),
            ('blockdev-add', {'driver': 'raw', 'file': 4}, '.file: 4 is no alternative'),
            ('transaction', {'actions': {}}, '.actions: {} is no array')):
        expect(find_faults(schema, schema[command]['arg-type'], arguments)[0], [complaint])


if __name__ == '__main__':
    warnings.simplefilter('ignore', DeprecationWarning)  # such commands are called too
    sys.exit(tap.run(globals()))
