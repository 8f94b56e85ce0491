# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Talks that are written down, and played.
import json
import os
import signal
import sys

from harness import LONGEST, Peer, Tool, contains, equal, run_all, test


class Recorded(Peer):
    """A QEMU, and a talk with it in a file."""

    def __init__(self):
        super().__init__('START_QEMU', '-object', 'memory-backend-ram,id=memory,size=16M',
                         '-blockdev', 'null-co,node-name=from,size=67108864,read-zeroes=on', '-blockdev', 'null-co,node-name=to,size=67108864')

    def __enter__(self):
        super().__enter__()
        self.talk, self.between = self.folder + '/talk', self.folder + '/between'
        self.served = []
        return self

    def __exit__(self, *_):
        for process in self.served:
            process.kill()
            process.communicate()
        super().__exit__()

    def record(self):
        """Tool that talks through what records."""
        process = Tool('QMPCTL', self.address).start('record', self.talk, self.between)
        self.served.append(process)
        equal(process.stdout.readline(), f'{self.between}\n')
        return Tool('QMPCTL', self.between)

    def stop(self, status=0):
        process = self.served.pop()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=LONGEST)
        equal((process.returncode, errors), (status, ''))

    def play(self, *options):
        """Tool that talks to who plays it."""
        process = Tool('QMPCTL').start('replay', *options, self.talk, self.between)
        self.served.append(process)
        equal(process.stdout.readline(), f'{self.between}\n')
        return Tool('QMPCTL', self.between)

    def read(self):
        with open(self.talk) as file:
            return [json.loads(line) for line in file]


SIZE = ('call', '--json', 'qom-get', 'path=/objects/memory', 'property=size')
SHARE = ('call', '--json', 'qom-get', 'path=/objects/memory', 'property=share')


@test
def a_talk_is_written(recorded):
    qmpctl = recorded.record()
    equal(qmpctl.run('call', '-u', 'query-name').out, '{}\n')
    qmpctl.run('call', '-u', 'stop')
    qmpctl.fail(1, 'call', '-u', 'qom-get', 'path=/nowhere', 'property=x')
    recorded.stop()
    talk = recorded.read()
    equal(sorted(talk[0]['msg']['QMP']), ['capabilities', 'version'])
    equal([sorted(line) for line in talk], [['dir', 'msg', 't']] * len(talk))
    times = [line['t'] for line in talk]
    equal(times, sorted(times))
    equal([line['msg']['execute'] for line in talk if line['dir'] == '>' and 'query-qmp-schema' not in str(line)],
          ['query-name', 'stop', 'qom-get'])
    equal([line['msg']['event'] for line in talk if 'event' in line['msg']], ['STOP'])
    contains([line['msg'].get('error', {}).get('class') for line in talk], 'DeviceNotFound')
    equal(os.stat(recorded.talk).st_mode & 0o777, 0o600)


@test
def secrets_are_not(recorded):
    qmpctl = recorded.record()
    qmpctl.run('call', 'object-add', 'qom-type=secret', 'id=s', 'data=canary')
    qmpctl.try_run('call', 'set_password', 'protocol=vnc', 'password=canary')
    qmpctl.try_run('call', 'human-monitor-command', 'command-line=set_password vnc canary')
    qmpctl.try_run('call', 'blockdev-add', 'driver=http', 'node-name=n', 'url=http://me:canary@nowhere.invalid/x')
    recorded.stop()
    with open(recorded.talk) as file:
        text = file.read()
    equal('canary' in text, False)
    contains(text, '"data":"***"', '"password":"***"', '"command-line":"***"')


@test
def no_file_is_lost(recorded):
    with open(recorded.talk, 'w') as file:
        file.write('dear\n')
    contains(Tool('QMPCTL', recorded.address).fail(1, 'record', recorded.talk, recorded.between).err, recorded.talk)
    with open(recorded.talk) as file:
        equal(file.read(), 'dear\n')


@test
def it_is_played(recorded):
    words = [SIZE, SHARE, ('call', '--json', 'query-version'), ('call', '--json', 'query-status'),
             ('call', '--json', 'query-block'), SIZE]
    qmpctl = recorded.record()
    said = [qmpctl.run(*each).out for each in words]
    refused = qmpctl.fail(1, 'call', 'qom-list', 'path=/nowhere').err
    recorded.stop()

    qmpctl = recorded.play()
    for _ in range(2):
        equal([qmpctl.run(*each).out for each in words], said)
        equal(qmpctl.fail(1, 'call', 'qom-list', 'path=/nowhere').err, refused)
    # in any order
    equal([qmpctl.run(*each).out for each in reversed(words)], list(reversed(said)))
    contains(qmpctl.fail(1, 'call', '-u', 'query-kvm').err, 'recorded')


@test
def jobs_go_as_they_went(recorded):
    said = []

    def run(*words):
        said.append((words, qmpctl.run(*words).out))
        return said[-1][1]

    qmpctl = recorded.record()
    run('call', '-u', 'blockdev-mirror', 'job-id=copy', 'device=from', 'target=to', 'sync=full')
    while json.loads(run('jobs', '--json'))[0]['status'] != 'ready':
        pass
    run('jobs')
    run('jobs', 'complete', 'copy')
    while json.loads(run('jobs', '--json')):
        pass
    recorded.stop()
    contains(''.join(out for _, out in said), 'copy', 'mirror', 'ready', '100')
    qmpctl = recorded.play()
    equal([(words, qmpctl.run(*words).out) for words, _ in said], said)


@test
def events_come_where_they_were(recorded):
    qmpctl = recorded.record()
    # what follows a command comes with it; another client makes them
    watching = qmpctl.start('events', '--json', '--until', 'RESUME', 'STOP', 'RESUME')
    while watching.poll() is None:
        qmpctl.run('call', '-u', 'stop')
        qmpctl.run('call', '-u', 'cont')
    first = watching.communicate()[0]
    recorded.stop()
    lines = recorded.play().run('events', '--json', '-n', '2', 'STOP', 'RESUME').lines
    equal([json.loads(line)['event'] for line in lines], ['STOP', 'RESUME'])
    contains(first, 'RESUME')


@test
def strictly_played_it_tells_what_differs(recorded):
    qmpctl = recorded.record()
    for words in (('call', '-u', 'query-name'), ('call', '-u', 'qom-get', 'path=/objects/memory', 'property=size')):
        qmpctl.run(*words)
    recorded.stop()

    qmpctl = recorded.play('--strict')
    qmpctl.run('call', '-u', 'query-name')
    qmpctl.run('call', '-u', 'qom-get', 'path=/objects/memory', 'property=size')
    recorded.stop()

    qmpctl = recorded.play('--strict')
    qmpctl.fail(1, 'call', '-u', 'qom-get', 'path=/objects/memory', 'property=share')
    process = recorded.served.pop()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=LONGEST)
    equal(process.returncode, 1)
    contains(errors, 'qom-get', 'query-name')

    recorded.play('--strict', '--once').run('call', '-u', 'query-name')
    process = recorded.served.pop()
    _, errors = process.communicate(timeout=LONGEST)
    equal(process.returncode, 1)
    contains(errors, 'Not all')


@test
def it_can_take_its_time(recorded):
    with open(recorded.talk, 'w') as file:
        for line in ({'t': 5, 'dir': '>', 'msg': {'execute': 'stop', 'id': 1}},
                     {'t': 5.3, 'dir': '<', 'msg': {'event': 'STOP', 'timestamp': {'seconds': 1, 'microseconds': 0}}},
                     {'t': 5.6, 'dir': '<', 'msg': {'return': {}, 'id': 1}}):
            file.write(json.dumps(line) + '\n')
    qmpctl = recorded.play('--timed')
    contains(qmpctl.fail(4, 'call', '-u', '--timeout', '0.05', 'stop').err, 'stop')
    equal(qmpctl.run('call', '-u', 'stop').out, '{}\n')


@test
def a_file_that_is_no_talk_is_refused(recorded):
    for text, said in (('nonsense\n', 'line 1'), ('{}\n', 'line 1'),
                       ('{"t": 0, "dir": "<", "msg": {"event": "X"}}\n{"t": "0", "dir": "<", "msg": {"event": "X"}}\n', 'line 2'),
                       ('{"t": 0, "dir": "up", "msg": {"event": "X"}}\n', 'line 1'),
                       ('{"t": 0, "dir": "<", "msg": {"execute": "x"}}\n', 'line 1')):
        with open(recorded.talk, 'w') as file:
            file.write(text)
        contains(Tool('QMPCTL').fail(1, 'replay', recorded.talk, recorded.between).err, recorded.talk, said)
    contains(Tool('QMPCTL').fail(1, 'replay', '/nowhere', recorded.between).err, '/nowhere')


sys.exit(run_all(Recorded))
