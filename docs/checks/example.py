# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: example.py EXAMPLE COMMAND [ARGUMENT...]

Runs an example as its reader would, and checks what it prints and how it ends:
on a real QEMU that has no machine, or on a real guest agent that has no guest.
From the environment: QEMU and START_AGENT, which are programs.
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading

PATIENCE = 60


class Failure(Exception):
    pass


class Peer:
    """A QEMU with two monitors, one for the example, one for the test; and an image."""

    machine = ['-machine', 'none']

    def __init__(self, folder):
        self.address = os.path.join(folder, 'example.sock')
        self.file = os.path.join(folder, 'image')
        self.make_image()
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen([
                os.environ.get('QEMU') or 'qemu-system-x86_64',
                *self.machine, '-nodefaults', '-no-user-config', '-display', 'none',
                '-chardev', 'null,id=nothing',
                '-qmp', f'unix:{self.address},server=on,wait=off',
                '-chardev', f'socket,id=test,fd={theirs.fileno()}', '-mon', 'chardev=test,mode=control',
                *self.options(),
            ], stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
        ours.settimeout(PATIENCE)
        self.replies = ours.makefile('rw')
        self.read('QMP')
        self.run('qmp_capabilities')

    def make_image(self):
        with open(self.file, 'wb') as file:
            file.truncate(1024 * 1024)

    def options(self):
        return []

    def read(self, member):
        """Reads until something has a member; events pass by."""
        for line in self.replies:
            message = json.loads(line)
            if 'error' in message:
                raise Failure(f'QEMU refused: {line}')
            if member in message:
                return message[member]
        raise Failure('QEMU has gone')

    def run(self, command):
        self.replies.write(json.dumps({'execute': command}) + '\n')
        self.replies.flush()
        return self.read('return')

    def end(self):
        self.process.kill()
        self.process.wait()


class Machine(Peer):
    """One with a machine, whose image can have snapshots."""

    machine = ['-machine', 'pc', '-accel', 'tcg', '-m', '64']

    def make_image(self):
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', self.file, '64M'], check=True)

    def options(self):
        return ['-blockdev', f'qcow2,node-name=disk,file.driver=file,file.filename={self.file}',
                '-device', 'virtio-blk-pci,drive=disk']


class Program:
    """A QEMU that the example starts itself, an image for it, and a place for a socket."""

    def __init__(self, folder):
        self.file = os.path.join(folder, 'image')
        self.socket = os.path.join(folder, 'move.sock')
        with open(self.file, 'wb') as file:
            file.truncate(1024 * 1024)
        self.address = os.environ.get('QEMU') or 'qemu-system-x86_64'

    def end(self):
        pass


class Guest(Program):
    """A guest that the example boots, by the same QEMU."""

    def __init__(self, folder):
        super().__init__(folder)
        self.program = self.address
        self.address = os.environ.get('GUEST') or 'GUEST is not set'


class Agent:
    """A guest agent, a file of its guest, and a place for a copy."""

    def __init__(self, folder):
        self.address = os.path.join(folder, 'agent.sock')
        self.file = os.path.join(folder, 'file')
        self.copy = os.path.join(folder, 'copy')
        with open(self.file, 'wb') as file:
            file.write(os.urandom(200000))
        self.process = subprocess.Popen([os.environ['START_AGENT'], self.address], stdin=subprocess.DEVNULL)

    def end(self):
        self.process.kill()
        self.process.wait()


class Example:
    """The example's process, and what it has printed."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.lines = []
        self.errors = []
        self.arrival = threading.Condition()
        self.readers = [
            threading.Thread(target=self.collect, args=(self.process.stdout, self.lines)),
            threading.Thread(target=self.collect, args=(self.process.stderr, self.errors))]
        for reader in self.readers:
            reader.start()

    def collect(self, stream, lines):
        for line in stream:
            print(line, end='', flush=True)
            with self.arrival:
                lines.append(line.strip())
                self.arrival.notify_all()
        with self.arrival:
            self.arrival.notify_all()

    def expect(self, text):
        """Waits for a line that contains the text."""
        with self.arrival:
            if not self.arrival.wait_for(
                    lambda: any(text in line for line in self.lines) or self.process.poll() is not None, PATIENCE):
                raise Failure(f'no line has “{text}”')
        self.wait_for_rest_if_ended()
        if not any(text in line for line in self.lines):
            raise Failure(f'no line has “{text}”')

    def wait_for_rest_if_ended(self):
        if self.process.poll() is not None:
            for reader in self.readers:
                reader.join()

    def expect_end(self, good=True):
        status = self.process.wait(PATIENCE)
        self.wait_for_rest_if_ended()
        if good and (status != 0 or self.errors):
            raise Failure(f'it ended with status {status}, and complaints: {self.errors}')
        if not good and (status <= 0 or not self.errors):
            raise Failure(f'it ended with status {status}, and complaints: {self.errors}')

    def names(self):
        return [line.split()[0] for line in self.lines]

    def end(self):
        self.process.kill()
        self.process.wait()
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()


def same(what, found, wanted):
    if found != wanted:
        raise Failure(f'{what}: {found} instead of {wanted}')


def check_status(example, _peer):
    example.expect_end()
    same('lines', example.lines, ['running'])


def check_events(example, peer):
    example.expect('Waiting for events')
    peer.run('stop')
    peer.run('cont')
    peer.run('quit')
    example.expect_end()
    same('events', example.names()[1:], ['STOP', 'RESUME', 'SHUTDOWN'])
    data = json.loads(example.lines[-1].partition(' ')[2])
    same('data', (data['guest'], data['reason']), (False, 'host-qmp-quit'))


def check_powerdown(example, peer):
    example.expect('POWERDOWN')
    peer.process.send_signal(signal.SIGTERM)
    example.expect_end()
    same('lines', example.lines, ['POWERDOWN', 'SHUTDOWN', 'QEMU has ended'])


def check_blocking(example, _peer):
    example.expect_end()
    same('status', example.lines[0], 'running')
    same('lines', example.lines[1:], ['stop: STOP', 'cont: RESUME'])


def check_errors(example, _peer):
    example.expect_end()
    same('lines', example.lines, ['make-coffee: QEMU has no such command'])


def check_schema(example, _peer):
    example.expect_end()
    same('lines', example.lines, [
        'blockdev-add: file.drver: no such member; did you mean driver?', 'blockdev-add: yes', 'make-coffee: no'])


def check_server(example):
    example.expect_end()
    same('lines', example.lines, [
        'It asked: stop', 'It was told: STOP', 'It failed: cont: Resetting the Virtual Machine is required'])


def check_fd_passing(example, peer):
    example.expect_end()
    names = [node['node-name'] for node in peer.run('query-named-block-nodes')]
    same('block devices', names, ['image'])


def check_typed(example, _peer):
    example.expect_end()
    same('first line', example.lines[0], 'image: raw, 1048576 bytes')
    same('last line', example.lines[-1], 'The end: host-qmp-quit')


def check_overlays(example, peer):
    example.expect_end()
    same('lines', example.lines, ['qcow2 on raw', 'merged into image'])
    same('overlay', os.path.exists(peer.file + '-1'), True)


def check_native(example, _peer):
    example.expect_end()
    same('first line', example.lines[0], 'It runs.')
    same('size', example.lines[1].split()[0], str(2**60))
    same('lines', example.lines[2:], ['STOP', 'RESUME', 'blockdev-del: GenericError'])


def check_machine(example, _program):
    example.expect_end()
    same('lines', example.lines, [
        'It runs.', 'It stands still.', 'The guest is asked.', 'QEMU is told.', 'It ended with status 0.'])


def check_devices(example, _program):
    example.expect_end()
    same('lines', example.lines[:-1], [
        'The disk is plugged in.', 'It is gone.', 'The medium is in the drive.', 'It is out.'])
    same('the last line', re.fullmatch(r'The guest writes \d+ MiB/s\.', example.lines[-1]) is not None, True)


def check_migration(example, _program):
    example.expect_end()
    same('lines', example.lines, ['It has left.', 'It has arrived.', '100 % of it is done.'])


def check_vm(example, _guest):
    example.expect_end()
    same('lines', example.lines, ['In there is Linux.', 'It has shut itself down.'])


def check_snapshot(example, peer):
    example.expect_end()
    bars = example.lines[:-3]
    same('bars', [re.fullmatch(r'\[#* *\]', bar) is not None and len(bar) for bar in bars], [12] * len(bars))
    same('rising bars', bars, sorted(bars))
    same('last lines', example.lines[-4:], [
        '[##########]', 'The snapshot is taken.', 'The image has: before', 'The machine is back.'])
    same('status', peer.run('query-status')['status'], 'running')
    [image] = [node['image'] for node in peer.run('query-named-block-nodes') if node['node-name'] == 'disk']
    same('snapshots', [snapshot['name'] for snapshot in image['snapshots']], ['before'])
    same('jobs', peer.run('query-jobs'), [])


def check_guest_typed(example, _agent):
    example.expect_end()
    same('first line', example.names()[0], 'system:')
    same('an address', 'lo: 127.0.0.1' in example.lines, True)


def check_guest_command(example, _agent):
    example.expect_end()
    same('lines', '\n'.join(example.lines), subprocess.check_output(['uname', '-a'], text=True).strip())


def check_guest_file(example, agent):
    example.expect_end()
    same('lines', example.lines, ['Hello', 'from the host'])
    with open(agent.file, encoding='utf-8') as file:
        same('file', file.read(), 'Hello\nfrom the host\n')


def check_guest_copy(example, agent):
    example.expect_end()
    same('last line', example.lines[-1], '200000 of 200000 bytes')
    with open(agent.file, 'rb') as file, open(agent.copy, 'rb') as copy:
        same('copy', copy.read() == file.read(), True)


def check_demo(example, peer):
    example.expect('Waiting for the guest to power down.')
    peer.process.send_signal(signal.SIGTERM)
    example.expect_end()
    happened = [line.split()[1] for line in example.lines if re.match(r'\d\d:\d\d:', line)]
    same('events', happened, ['STOP', 'RESUME', 'POWERDOWN', 'SHUTDOWN'])
    for text in ('QEMU', 'yes: running', 'nothing: null', 'as it should'):
        example.expect(text)


def check_demo_with_agent(example, peer):
    check_demo(example, peer)
    for text in ('an agent of version', subprocess.check_output(['uname', '-a'], text=True).strip(), 'lo: 127.0.0.1',
                 'it may not: that is disabled'):
        example.expect(text)
    sums = example.lines[example.lines.index('SHA-256 here, there, and here again:') + 1].split(', ')
    same('sums', sums, sums[:1] * 3)


def check_demo_without_a_good_end(example, peer):
    example.expect('Waiting for the guest to power down.')
    peer.process.kill()
    example.expect_end(good=False)


CHECKS = {
    'status': [check_status],
    'events': [check_events],
    'powerdown': [check_powerdown],
    'errors': [check_errors],
    'blocking': [check_blocking],
    'fd-passing': [check_fd_passing],
    'schema': [check_schema],
    'server': [check_server],
    'typed': [check_typed],
    'overlays': [check_overlays],
    'native': [check_native],
    'machine': [check_machine],
    'devices': [check_devices],
    'migration': [check_migration],
    'snapshot': [check_snapshot],
    'vm': [check_vm],
    'guest-typed': [check_guest_typed],
    'guest-command': [check_guest_command],
    'guest-file': [check_guest_file],
    'guest-copy': [check_guest_copy],
    'demo': [check_demo, check_demo_with_agent, check_demo_without_a_good_end],
}
# what each talks to, in the order of its arguments; the others to a QEMU alone
PEERS = {
    check_machine: [Program],
    check_server: [],
    check_devices: [Program],
    check_migration: [Program],
    check_snapshot: [Machine],
    check_vm: [Guest],
    check_guest_command: [Agent],
    check_guest_typed: [Agent],
    check_guest_file: [Agent],
    check_guest_copy: [Agent],
    check_demo_with_agent: [Peer, Agent],
}
# these bring theirs along
ALONE = ['server']
# and what else they are given, by the first of these
MORE = {
    'fd-passing': ['file'],
    'typed': ['file'],
    'overlays': ['file'],
    'devices': ['file'],
    'migration': ['socket'],
    'vm': ['program'],
    'guest-file': ['file'],
    'guest-copy': ['file', 'copy'],
}


def run(check, name, command):
    with tempfile.TemporaryDirectory() as folder:
        peers = [kind(folder) for kind in PEERS.get(check, [Peer])]
        addresses = [peer.address for peer in peers]
        example = Example(command + addresses + [getattr(peers[0], attribute) for attribute in MORE.get(name, [])])
        try:
            check(example, *peers[:1])
        finally:
            example.end()
            for peer in peers:
                peer.end()


def run_without_address(name, command):
    """An address that is none: a message, and a status that is not 0."""
    example = Example(command + ['no such address'] + MORE.get(name, []))
    try:
        example.expect_end(good=False)
    finally:
        example.end()


def main():
    name, command = sys.argv[1], sys.argv[2:]
    try:
        for check in CHECKS[name]:
            run(check, name, command)
        if name not in ALONE:
            run_without_address(name, command)
    except (Failure, subprocess.TimeoutExpired) as failure:
        print(f'FAILED: {failure}')
        return 1
    return 0


sys.exit(main())
