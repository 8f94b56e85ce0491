# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Commands in the guest, which is this machine.
import os
import signal
import subprocess
import sys

from agents import FakeAgent, RealAgent
from harness import LONGEST, contains, equal, run_all, test, wait_until
from terminal import Terminal


def run_bytes(agent, *words, input=None):
    """Status, output and error output, in bytes."""
    process = subprocess.run(agent.qgactl.command('exec', *words), input=input or b'', capture_output=True, timeout=LONGEST)
    return process.returncode, process.stdout, process.stderr


def is_alive(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='ascii') as file:
            return file.read().rsplit(') ', 1)[1][0] not in 'ZX'
    except FileNotFoundError:
        return False


def start_long(agent):
    """A command that goes on until it is told to end: qgactl, and its number."""
    path = agent.folder + '/pid'
    process = agent.qgactl.start('exec', '--', 'sh', '-c', f'echo $$ > {path}.new; mv {path}.new {path}; exec sleep 1000')
    wait_until(lambda: os.path.exists(path))
    with open(path, encoding='ascii') as file:
        return process, int(file.read())


@test
def outputs_go_where_they_belong(agent):
    equal(run_bytes(agent, '--', 'sh', '-c', 'echo one; echo two >&2'), (0, b'one\n', b'two\n'))
    equal(run_bytes(agent, 'printf', '%s', '--help'), (0, b'--help', b''))


@test
def bytes_are_passed_as_they_are(agent):
    every = bytes(range(256)) * 300
    equal(run_bytes(agent, '-i', 'cat', input=every), (0, every, b''))
    with open(agent.folder + '/input', 'wb') as file:
        file.write(every)
    equal(run_bytes(agent, '--input', file.name, '--', 'sh', '-c', 'cat >&2'), (0, b'', every))


@test
def the_status_is_the_commands(agent):
    for script, status in (('exit 0', 0), ('exit 7', 7), ('exit 125', 125), ('kill -9 $$', 137), ('kill -15 $$', 143)):
        equal(run_bytes(agent, 'sh', '-c', script)[0], status)
    with FakeAgent(guest_exec={'pid': 5}, guest_exec_status={'exited': True, 'exitcode': 0x1234}) as fake:
        equal(run_bytes(fake, 'x'), (255, b'', b''))


@test
def failures_of_its_own_have_a_status_of_their_own(agent):
    contains(agent.qgactl.fail(125, 'exec', '/no/such/program').err, '/no/such/program')
    contains(agent.qgactl.fail(125, 'exec').err, 'Too few')
    contains(agent.qgactl.fail(125, 'exec', '--nonsense', 'true').err, '--nonsense')
    contains(agent.qgactl.fail(125, 'exec', '-e', 'X', 'true').err, 'NAME=VALUE')
    contains(agent.qgactl.fail(125, 'exec', '--input', '/nowhere/file', 'true').err, '/nowhere/file')


@test
def its_environment_is_added_to(agent):
    out = agent.qgactl.run('exec', '-e', 'COLOUR=red and blue', '--env', 'EMPTY=', '--', 'sh', '-c', 'echo "$COLOUR,$EMPTY,$PATH"').out
    equal(out, f'red and blue,,{os.environ["PATH"]}:/usr/sbin:/sbin\n')
    equal(agent.qgactl.run('exec', '--clear-env', '-e', 'COLOUR=red', 'env').out, 'COLOUR=red\n')


@test
def json_tells_all_of_it(agent):
    outcome = agent.qgactl.try_run('exec', '--json', 'sh', '-c', 'echo "a\tb"; printf "\\377" >&2; exit 3')
    found = outcome.json
    equal(outcome.status, 3)
    equal(found.pop('pid') > 0, True)
    equal(found, {'exit-status': 3, 'signal': None, 'out': 'a\tb\n', 'out-truncated': False, 'err-base64': '/w==',
                  'err-truncated': False})
    killed = agent.qgactl.try_run('exec', '-j', 'sh', '-c', 'kill -9 $$')
    equal((killed.status, killed.json['exit-status'], killed.json['signal']), (137, None, 9))


@test
def what_the_agent_did_not_keep_is_told(_agent):
    with FakeAgent(guest_exec={'pid': 5}, guest_exec_status={
            'exited': True, 'exitcode': 0, 'out-data': 'YQ==', 'out-truncated': True}) as fake:
        outcome = fake.qgactl.try_run('exec', 'x')
        equal((outcome.status, outcome.out), (0, 'a'))
        contains(outcome.err, 'only a part of its output')


@test
def it_can_be_left_running(agent):
    pid = int(agent.qgactl.run('exec', '--detach', 'sleep', '1000').out)
    equal(is_alive(pid), True)
    os.kill(pid, signal.SIGKILL)
    pid = agent.qgactl.run('exec', '-d', '-j', 'sleep', '1000').json['pid']
    os.kill(pid, signal.SIGKILL)


@test
def an_interrupt_ends_the_command(agent):
    process, pid = start_long(agent)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LONGEST)
    equal((process.returncode, out), (130, ''))
    contains(err, f"Told the guest's process {pid} to end")
    wait_until(lambda: not is_alive(pid))


@test
def so_does_time_that_runs_out(agent):
    outcome = agent.qgactl.fail(125, 'exec', '--timeout', '0.5', 'sleep', '1000')
    contains(outcome.err, 'to end', 'in time')


@test
def a_second_interrupt_ends_it_at_once(_agent):
    starts = []

    def start(arguments):
        starts.append(arguments)
        return {'pid': 7} if len(starts) == 1 else None

    with FakeAgent(guest_exec=start, guest_exec_status={'exited': False}) as fake:
        process = fake.qgactl.start('exec', 'sleep', '1000')
        fake.wait_for('guest-exec-status')
        process.send_signal(signal.SIGINT)
        wait_until(lambda: len(starts) == 2)
        equal((starts[1]['path'], starts[1]['arg']), ('kill', ['-TERM', '7']))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LONGEST)
        equal(process.returncode, 130)


@test
def a_terminal_is_kept_from_harm(agent):
    script = r'printf "\033]0;title\007\033[2J\r\na\302\233b \342\200\256c\r\n\377 \360\237\230\200"; printf "\033[31m" >&2'
    with Terminal(agent.qgactl, 'exec', '--', 'sh', '-c', script) as terminal:
        text = terminal.ends(0)
    equal(text, '\\x1b]0;title\\x07\\x1b[2J\r\na\\u{9b}b \\u{202e}c\r\n\\xff \U0001f600\\x1b[31m')


sys.exit(run_all(RealAgent))
