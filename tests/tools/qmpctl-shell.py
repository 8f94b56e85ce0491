# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The shell, on a terminal of its own and from a pipe.
import os
import re
import signal
import sys

from harness import LONGEST, Peer, Tool, contains, equal, run_all, test
from terminal import Terminal

PROMPT = '(QMP) '


class Machine(Peer):
    def __init__(self):
        super().__init__('START_QEMU', '-qmp', 'unix:FOLDER/second,server=on,wait=off',
                         '-blockdev', 'null-co,node-name=system-disk', '-blockdev', 'null-co,node-name=data-disk',
                         '-object', 'memory-backend-ram,id=some-memory,size=16M')

    def __enter__(self):
        super().__enter__()
        self.qmpctl, self.second = Tool('QMPCTL', self.address), Tool('QMPCTL', self.folder + '/second')
        self.qmpctl.run('call', 'query-name')
        return self

    def shell(self):
        terminal = Terminal(self.qmpctl, 'shell', XDG_STATE_HOME=self.folder, XDG_CACHE_HOME=self.folder)
        terminal.expect(PROMPT)
        return terminal


@test
def commands_are_executed(machine):
    with machine.shell() as shell:
        shell.type('query-name\r')
        contains(shell.expect(PROMPT), '{}')
        shell.type('{"execute": "qom-get", "arguments": {"path": "/objects/some-memory", "property": "size"}}\r')
        contains(shell.expect(PROMPT), '16777216')
        shell.type('qom-get path=/objects/some-memory property=sise\r')
        contains(shell.expect(PROMPT), 'qmpctl: ', "sise")
        shell.type('qom-gat path=x\r')
        contains(shell.expect(PROMPT), 'qmpctl: ', 'qom-get')
        shell.type('\x04')
        shell.ends(0)


@test
def the_tab_key_completes(machine):
    with machine.shell() as shell:
        # a command, an argument, a value of an enum
        shell.type('blockdev-ad\t')
        shell.expect('blockdev-add ')
        shell.type('driv\t')
        shell.expect('driver=')
        shell.type('qco\t2\t')
        shell.expect('qcow2 ')
        # an argument that this driver alone has; what is an object goes on
        shell.type('lazy\t')
        shell.expect('lazy-refcounts=')
        shell.type('tr\t')
        shell.expect('true ')
        shell.type('backing.dri\t')
        shell.expect('backing.driver=')
        shell.type('\x03')
        shell.expect(PROMPT)


@test
def names_of_the_running_machine_complete(machine):
    with machine.shell() as shell:
        shell.type('blockdev-del node-name=sy\t')
        shell.expect('node-name=system-disk ')
        shell.type('\r')
        contains(shell.expect(PROMPT), '{}')
        # the one that is left
        shell.type('blockdev-del node-name=\t')
        shell.expect('node-name=data-disk ')
        shell.type('\x03')
        shell.expect(PROMPT)
        shell.type('qom-list path=/obj\t/some\t')
        shell.expect('/objects/some-memory')
        shell.type('\r')
        contains(shell.expect(PROMPT), 'share')
        shell.type('object-del id=some\t')
        shell.expect('some-memory ')


@test
def an_event_leaves_the_line_whole(machine):
    with machine.shell() as shell:
        shell.type('qom-get path=/objects/some-memory prop')
        shell.expect('prop')
        machine.second.run('call', 'stop')
        # the event has its own line, and what was typed comes back below it
        shell.expect(re.compile(r'\d\d:\d\d:\d\d\.\d{3} STOP \{\}\r?\n'))
        shell.expect(PROMPT + 'qom-get path=/objects/some-memory prop')
        shell.type('erty=size\r')
        contains(shell.expect(PROMPT), '16777216')


@test
def an_interrupt_gives_up_the_line(machine):
    with machine.shell() as shell:
        shell.type('nonsense')
        shell.expect('nonsense')
        shell.process.send_signal(signal.SIGINT)
        shell.expect(PROMPT)
        shell.type('query-name\r')
        contains(shell.expect(PROMPT), '{}')
        shell.process.send_signal(signal.SIGTERM)
        shell.ends(0)


@test
def what_was_typed_is_remembered_but_no_secrets(machine):
    with machine.shell() as shell:
        for line in ('query-name', 'object-add qom-type=secret id=s data=canary', 'query-name'):
            shell.type(line + '\r')
            shell.expect(PROMPT)
        shell.type('\x04')
        shell.ends(0)
    path = machine.folder + '/qmpctl/history'
    with open(path) as file:
        equal(file.read(), 'query-name\n')
    equal(os.stat(path).st_mode & 0o777, 0o600)


@test
def the_end_of_qemu_ends_it(machine):
    with machine.shell() as shell:
        machine.second.run('call', 'quit')
        shell.expect('SHUTDOWN')
        shell.ends(0)
    machine.process.wait(LONGEST)


@test
def a_script_comes_from_a_pipe(machine):
    outcome = machine.qmpctl.run('shell', '--json', input='# two\nquery-name\n\nquery-jobs\n')
    equal(outcome.out, '{}\n[]\n')
    outcome = machine.qmpctl.fail(1, 'shell', input='query-name\nqom-get path=/nowhere property=x\nstop\n')
    contains(outcome.err, 'Line 2: ', '/nowhere')
    contains(machine.qmpctl.fail(2, 'shell', input='query-name x\n').err, 'Line 1: ', '"x"')
    equal(machine.qmpctl.run('call', '--json', 'query-status').json['running'], True)


sys.exit(run_all(Machine))
