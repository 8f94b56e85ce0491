# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import signal
import sys

from fake_qemu import FakeQemu
from harness import LONGEST, Peer, Tool, contains, equal, run_all, test, wait_until
from terminal import run_in_terminal


class Full(Peer):
    """A machine whose memory is not empty, so that it takes its time to move."""

    def __init__(self, *options):
        super().__init__('START_QEMU', '-M', 'pc', '-m', '32', '-qmp', 'unix:FOLDER/second,server=on,wait=off', '-object',
                         'memory-backend-file,id=memory,size=32M,mem-path=FOLDER/memory,share=off', '-machine',
                         'memory-backend=memory', *options)

    def get_command(self):
        with open(self.folder + '/memory', 'wb') as file:
            file.write(os.urandom(32 << 20))
        return super().get_command()


class Empty(Peer):
    """Memory without a file behind it, which postcopy wants."""

    def __init__(self, *options):
        super().__init__('START_QEMU', '-M', 'pc', '-m', '32', '-qmp', 'unix:FOLDER/second,server=on,wait=off', *options)


class Pair:
    """A machine, and a QEMU that it can go to."""

    def __init__(self, kind=Full):
        self.kind = kind

    def __enter__(self):
        self.peers = [self.kind(), self.kind('-incoming', 'defer')]
        self.here, self.there = [Tool('QMPCTL', peer.__enter__().address) for peer in self.peers]
        self.beside_here, self.beside_there = [Tool('QMPCTL', peer.folder + '/second') for peer in self.peers]
        self.uri = f'unix:{self.peers[1].folder}/move'
        self.here.run('cont')
        self.there.run('wait')
        return self

    def __exit__(self, *_):
        for peer in self.peers:
            peer.__exit__()

    def receive(self, *options):
        """Leaves the destination waiting for it."""
        process = self.there.start('migrate', 'incoming', self.uri, *options)
        wait_until(lambda: os.path.exists(self.uri.removeprefix('unix:')))
        return process


@test
def a_machine_moves(pair):
    receiving = pair.receive()
    out = pair.here.run('migrate', pair.uri, '--bandwidth', '1G', '--downtime', '500').out
    contains(out, 'The machine is there: ', 'iB in ', ' s, and it stood still for ', ' ms.\n')
    out, err = receiving.communicate(timeout=LONGEST)
    equal((receiving.returncode, out, err), (0, 'The machine is here.\n', ''))
    contains(pair.here.run('migrate', 'status').out, 'Status       completed\n', 'Transferred', 'Downtime')
    contains(pair.there.run('info').out, 'Status       running')
    parameters = pair.here.run('call', '-j', 'query-migrate-parameters').json
    equal((parameters['max-bandwidth'], parameters['downtime-limit']), (1 << 30, 500))


@test
def json_tells_how_it_was(pair):
    receiving = pair.receive('--json')
    told = pair.here.run('migrate', pair.uri, '--json').json
    equal((told['status'], told['total-time'] >= 0, told['downtime'] >= 0, told['transferred'] > 0), ('completed', True, True, True))
    out, _ = receiving.communicate(timeout=LONGEST)
    contains(out, '{"status":"completed"')


@test
def an_interrupt_cancels_it(pair):
    receiving = pair.receive()
    process = pair.here.start('migrate', pair.uri, '--bandwidth', '4K')
    status = ''
    while status != 'active':
        status = pair.beside_here.run('migrate', 'status', '-j').json['status']
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LONGEST)
    equal((process.returncode, out, err), (130, '', 'qmpctl: The migration is cancelled\n'))
    equal(pair.here.run('migrate', 'status', '-j').json['status'], 'cancelled')
    contains(pair.here.run('info').out, 'Status       running')
    receiving.communicate(timeout=LONGEST)
    equal(receiving.returncode in (1, 3), True)


@test
def another_can_cancel_it(pair):
    pair.receive().kill()
    process = pair.here.start('migrate', pair.uri, '--bandwidth', '4K')
    while pair.beside_here.run('migrate', 'status', '-j').json['status'] != 'active':
        pass
    pair.beside_here.run('migrate', 'cancel')
    out, err = process.communicate(timeout=LONGEST)
    equal((process.returncode, err), (1, 'qmpctl: The migration was cancelled\n'))


@test
def time_runs_out_and_it_goes_on(pair):
    pair.receive().kill()
    contains(pair.here.fail(4, 'migrate', pair.uri, '--bandwidth', '4K', '--timeout', '1').err, 'goes on')
    equal(pair.here.run('migrate', 'status', '-j').json['status'], 'active')


@test
def a_terminal_has_a_bar(pair):
    pair.receive().kill()
    status, out = run_in_terminal(pair.here.command('migrate', pair.uri, '--bandwidth', '4K', '--timeout', '2'), {})
    equal(status, 4)
    contains(out, 'migrating [', ' iB'[1:], 'pass ')


@test
def both_sides_allow_postcopy(_):
    with Pair(Empty) as pair:
        receiving = pair.receive('--postcopy')
        pair.here.run('migrate', pair.uri, '--postcopy')
        out, err = receiving.communicate(timeout=LONGEST)
        equal((receiving.returncode, err), (0, ''))


@test
def postcopy_follows_the_first_pass(_):
    answers = {'migrate-set-capabilities': {}, 'migrate': {}, 'migrate-start-postcopy': {}, 'query-migrate': {'status': 'active'}}
    with FakeQemu(answers, last='migrate-start-postcopy') as fake:
        fake.events = {'migrate': [('MIGRATION', {'status': 'setup'}), ('MIGRATION', {'status': 'active'}),
                                   ('MIGRATION_PASS', {'pass': 2})]}
        Tool('QMPCTL', fake.address).fail(3, 'migrate', 'unix:/x', '--postcopy')
        names = [name for name, _ in fake.commands]
        equal(names[-1], 'migrate-start-postcopy')
        equal(fake.commands[1], ('migrate-set-capabilities', {'capabilities': [{'capability': 'postcopy-ram', 'state': True}]}))


@test
def what_goes_wrong_is_said(pair):
    contains(pair.here.fail(1, 'migrate', 'unix:/nowhere/move').err, 'nowhere', 'No such file')
    contains(pair.here.fail(1, 'migrate', 'nonsense').err, 'migrate: ')
    contains(pair.here.run('migrate', 'status').out, 'Status')
    for words in (['incoming'], ['status', 'x'], [pair.uri, '--downtime', '-5']):
        contains(pair.here.fail(2, 'migrate', *words).err, 'migrate incoming URI')
    contains(pair.here.fail(2, 'migrate', pair.uri, '--bandwidth', 'much').err, '--bandwidth', 'integer')


sys.exit(run_all(Pair))
