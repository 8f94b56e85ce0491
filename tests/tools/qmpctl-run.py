# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import os
import pty
import shutil
import signal
import stat
import sys
import tempfile

from harness import LONGEST, Tool, contains, equal, run_all, test, wait_until

NOTHING = ['-M', 'none', '-nodefaults', '-display', 'none']
MACHINE = ['-M', 'pc', '-nodefaults', '-display', 'none', '-S']


class Folder:
    """A folder for monitors, and a tool that runs machines."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix='tools-')
        self.monitor = self.path + '/monitor'
        self.qmpctl, self.other = Tool('QMPCTL'), Tool('QMPCTL', self.monitor)
        self.processes = []
        return self

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.path, ignore_errors=True)

    def run(self, *words):
        """Runs one, and reads its first line, which tells that it is there."""
        process = self.qmpctl.start('run', '--monitor', self.monitor, *words)
        self.processes.append(process)
        line = process.stdout.readline()
        if line == '':
            raise AssertionError(process.stderr.read())
        return process, line

    def make_program(self, *lines):
        """A QEMU that does something else first."""
        path = self.path + '/qemu'
        with open(path, 'w') as file:
            file.write('\n'.join(['#!/bin/sh', *lines, 'exec "${QEMU:-qemu-system-x86_64}" "$@"', '']))
        os.chmod(path, stat.S_IRWXU)
        return path


def ends(process, status):
    out, err = process.communicate(timeout=LONGEST)
    equal((process.returncode, err if process.returncode != status else ''), (status, ''))
    return out, err


def is_there(pid):
    return os.path.exists(f'/proc/{pid}') and not open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].startswith(' Z')


@test
def a_machine_runs_until_it_ends(folder):
    process, line = folder.run('--', *NOTHING)
    contains(line, 'QEMU is process ', folder.monitor)
    folder.other.run('call', 'stop')
    folder.other.run('call', 'quit')
    out, err = ends(process, 0)
    events = [line.split()[1] for line in out.splitlines()]
    equal('STOP' in events, True)
    equal(os.path.exists(folder.monitor), False)


@test
def json_begins_with_where_it_is(folder):
    process, line = folder.run('--json', '--', *NOTHING)
    equal(sorted(json.loads(line)), ['monitor', 'pid'])
    folder.other.run('call', 'stop')
    folder.other.run('call', 'quit')
    out, _ = ends(process, 0)
    equal('STOP' in [json.loads(line)['event'] for line in out.splitlines()], True)


@test
def a_monitor_is_there_unasked(folder):
    process = folder.qmpctl.start('run', '--quiet', '--', *NOTHING, env={**os.environ, 'XDG_RUNTIME_DIR': folder.path})
    folder.processes.append(process)
    monitor = process.stdout.readline().split()[-1]
    equal(monitor.startswith(folder.path), True)
    Tool('QMPCTL', monitor).run('call', 'quit')
    equal(ends(process, 0)[0], '')
    equal(os.listdir(folder.path), [])


@test
def an_interrupt_shuts_it_down(folder):
    process, line = folder.run('--power-down', '0', '--', *MACHINE)
    process.send_signal(signal.SIGINT)
    _, err = ends(process, 0)
    equal(err, 'qmpctl: QEMU is told to quit\n')
    equal(is_there(line.split()[3].rstrip(',')), False)


@test
def the_second_kills_it(folder):
    process, line = folder.run('--', *MACHINE)
    pid = line.split()[3].rstrip(',')
    process.send_signal(signal.SIGINT)
    contains(process.stderr.readline(), 'asked to power off', '^C once more')
    # it stands still, so it does nothing about that
    contains(folder.other.run('call', 'query-status').out, 'prelaunch')
    process.send_signal(signal.SIGINT)
    _, err = ends(process, 128 + signal.SIGKILL)
    contains(err, 'QEMU is killed', 'ended by signal 9')
    equal((is_there(pid), os.path.exists(folder.monitor)), (False, False))


@test
def two_at_once_kill_it_too(folder):
    process, line = folder.run('--', *MACHINE)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=LONGEST)
    equal(is_there(line.split()[3].rstrip(',')), False)


@test
def the_terminals_interrupt_is_not_qemus(folder):
    pid, master = pty.fork()
    if pid == 0:
        command = folder.qmpctl.command('run', '--monitor', folder.monitor, '--', *MACHINE)
        os.execv(command[0], command)
    said = b''
    while b'monitor at' not in said:
        said += os.read(master, 4096)
    os.write(master, b'\x03')
    while b'once more' not in said:
        said += os.read(master, 4096)
    contains(folder.other.run('call', 'query-status').out, 'prelaunch')
    folder.other.run('call', 'quit')
    try:
        while os.read(master, 4096):
            pass
    except OSError:
        pass  # the other end is closed
    equal(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
    os.close(master)


@test
def what_qemu_says_is_passed_on_harmlessly(folder):
    program = folder.make_program("printf 'first words\\n\\033[2Jsecond\\r\\n' >&2", "echo third")
    process, _ = folder.run('--qemu', program, '--', *NOTHING)
    folder.other.run('call', 'quit')
    _, err = ends(process, 0)
    equal(err, 'first words\n\\x1b[2Jsecond\nthird\n')


@test
def its_status_is_passed_on(folder):
    process, _ = folder.run('--', *MACHINE, '-device', 'isa-debug-exit,iobase=0x501,iosize=1')
    # it is gone before it answers
    folder.other.try_run('call', 'human-monitor-command', 'command-line=o/b 0x501 0x10')
    ends(process, 0x21)


@test
def one_that_does_not_start_is_told(folder):
    outcome = folder.qmpctl.fail(1, 'run', '--', '-M', 'nonsense')
    contains(outcome.err, 'unsupported machine type', 'ended with status 1', '-M nonsense')
    equal(outcome.err.count('unsupported machine type'), 1)
    contains(folder.qmpctl.fail(1, 'run', '--qemu', '/nowhere/qemu').err, '/nowhere/qemu')
    contains(folder.qmpctl.fail(2, 'run', '-M', 'none').err, '-M')


@test
def what_is_there_already_stays(folder):
    process, _ = folder.run('--', *NOTHING)
    contains(folder.qmpctl.fail(1, 'run', '--monitor', folder.monitor, '--', *NOTHING).err, 'is there already')
    folder.other.run('quit')
    ends(process, 0)
    with open(folder.monitor, 'w') as file:
        file.write('precious')
    contains(folder.qmpctl.fail(1, 'run', '--monitor', folder.monitor, '--', *NOTHING).err, 'is there already')
    with open(folder.monitor) as file:
        equal(file.read(), 'precious')
    contains(folder.qmpctl.fail(2, 'run', '--monitor', '/' + 'x' * 200, '--', *NOTHING).err, 'too long')


@test
def one_that_still_starts_can_be_interrupted(folder):
    program = folder.make_program(f'echo $$ >{folder.path}/pid', 'exec sleep 600')
    process = folder.qmpctl.start('run', '--qemu', program, '--', *NOTHING)
    folder.processes.append(process)
    wait_until(lambda: os.path.exists(folder.path + '/pid') and os.path.getsize(folder.path + '/pid') > 1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=LONGEST)
    equal(process.returncode, 130)
    with open(folder.path + '/pid') as file:
        equal(is_there(file.read().strip()), False)


@test
def a_guest_is_asked_to_power_off(folder):
    guest = os.environ['GUEST']
    console = folder.path + '/console'
    process, _ = folder.run('--', '-nodefaults', '-display', 'none', '-machine', 'pc', '-accel', 'tcg', '-cpu', 'qemu64',
                            '-m', '192', '-kernel', guest + '/vmlinuz', '-initrd', guest + '/initrd',
                            '-append', 'console=ttyS0 quiet panic=-1 rdinit=/bin/init', '-serial', f'file:{console}',
                            '-device', 'virtio-serial-pci', '-chardev', f'socket,id=agent,path={folder.path}/agent,server=on,wait=off',
                            '-device', 'virtserialport,chardev=agent,id=agent0,name=org.qemu.guest_agent.0')
    # a guest that has opened its agent's port takes its power button seriously
    while 'VSERPORT_CHANGE' not in process.stdout.readline():
        equal(process.poll(), None)
    process.send_signal(signal.SIGINT)
    out, err = ends(process, 0)
    contains(out, 'POWERDOWN', 'SHUTDOWN {"guest": true'.replace(': ', ':'))
    equal('told to quit' in err, False)


sys.exit(run_all(Folder))
