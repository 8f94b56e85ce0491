# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The shell, on a terminal and from a pipe; the guest is this machine.
import os
import re
import signal
import socket
import stat
import sys

from agents import FakeAgent, RealAgent
from harness import contains, equal, run_all, test, wait_until
from terminal import Terminal

HOST = socket.gethostname()


class Shell(Terminal):
    def __init__(self, agent):
        super().__init__(agent.qgactl, 'shell', XDG_STATE_HOME=agent.folder + '/state', HOME=agent.folder)

    def prompt(self, folder):
        """Gives what came before it, without what the terminal is told."""
        before = self.expect(f'{HOST}:{folder} $ ')
        return re.sub(r'\x1b\[\?2004[hl]\r?', '', before)

    def run(self, line, folder):
        self.type(line + '\n')
        output = self.prompt(folder)
        equal(output.startswith(line + '\r\n'), True)
        return output[len(line) + 2:]


@test
def the_folder_is_kept_from_line_to_line(agent):
    os.makedirs(agent.folder + '/some folder')
    with Shell(agent) as shell:
        shell.expect('It is no terminal')
        shell.prompt(os.environ.get('HOME', '/'))
        shell.run(f'cd {agent.folder}', agent.folder)
        equal(shell.run('ls -d some*', agent.folder), 'some folder\r\n')
        shell.run('cd "some folder"', agent.folder + '/some folder')
        equal(shell.run('pwd; exit 3', agent.folder + '/some folder'),
              agent.folder + '/some folder\r\n[status 3]\r\n')
        equal(shell.run('echo $?', agent.folder + '/some folder'), '3\r\n')
        equal(shell.run('kill -9 $$', agent.folder + '/some folder'), '[signal 9]\r\n')
        os.rmdir(agent.folder + '/some folder')
        shell.run('true', '/')
        shell.type('exit 5\n')
        shell.ends(5)


@test
def lines_are_remembered(agent):
    with Shell(agent) as shell:
        shell.expect('$ ')
        for line in ('echo first', ' echo secret', 'echo last'):
            shell.type(line + '\n')
            shell.expect('$ ')
        shell.type('\x1b[A\x1b[A\n')
        contains(shell.expect('$ '), 'first\r\n')
        shell.type('\x04')
        shell.ends(0)
    path = agent.folder + '/state/qgactl/history'
    with open(path, encoding='utf-8') as file:
        equal(file.read().splitlines(), ['echo first', 'echo last', 'echo first'])
    equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)


@test
def an_interrupt_ends_a_line_and_not_the_shell(agent):
    with Shell(agent) as shell:
        shell.expect('$ ')
        shell.type('echo half of a li\x03')
        shell.expect('$ ')
        mark = agent.folder + '/mark'
        for _ in range(2):
            shell.type(f'echo > {mark}; exec sleep 1000\n')
            wait_until(lambda: os.path.exists(mark))
            os.unlink(mark)
            shell.type('\x03')
            shell.expect('to end')
            shell.expect('$ ')
        shell.type('echo still here\n')
        shell.expect('\rstill here\r\n')
        shell.process.send_signal(signal.SIGTERM)
        shell.ends(130)
        equal(shell.echoes, True)


@test
def a_terminal_is_kept_from_harm(agent):
    os.makedirs(agent.folder + '/x\x1b[2J')
    with Shell(agent) as shell:
        shell.expect('$ ')
        shell.run(f'cd {agent.folder}/x*', agent.folder + '/x\\x1b[2J')
        equal(shell.run(r'printf "\033]0;t\007\n"', agent.folder + '/x\\x1b[2J'), '\\x1b]0;t\\x07\r\n')


@test
def lines_come_from_a_pipe(agent):
    outcome = agent.qgactl.try_run('shell', input=f'cd {agent.folder}\n\npwd\necho bad >&2\nexit 4\necho never\n')
    equal((outcome.status, outcome.out, outcome.err), (4, agent.folder + '\n', 'bad\n'))
    outcome = agent.qgactl.try_run('shell', input='false\ntrue\n(exit 9)')
    equal((outcome.status, outcome.out, outcome.err), (9, '', ''))


@test
def failures_of_its_own_have_a_status_of_their_own(agent):
    contains(agent.qgactl.fail(125, 'shell', '--json').err, 'exec')
    with FakeAgent(guest_exec={'pid': 4}) as fake:
        contains(fake.qgactl.fail(125, 'shell', input='true\n').err, 'process 4')


sys.exit(run_all(RealAgent))
