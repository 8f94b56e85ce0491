# SPDX-License-Identifier: LGPL-2.1-or-later
import json
import select
import signal
import sys

from harness import LONGEST, Peer, Tool, contains, equal, run_all, test


class Monitors(Peer):
    """A QEMU with two monitors: one to watch, one to make something happen."""

    def __init__(self):
        super().__init__('START_QEMU', '-qmp', 'unix:FOLDER/second,server=on,wait=off')

    def __enter__(self):
        super().__enter__()
        self.watching, self.acting = Tool('QMPCTL', self.address), Tool('QMPCTL', self.folder + '/second')
        # QEMU goes on once it has had its first client
        self.watching.run('call', 'query-name')
        return self

    def watch(self, *words):
        """Stops and goes on, over and over, until the watching has its end."""
        process = self.watching.start('events', *words)
        while process.poll() is None:
            self.acting.run('call', 'stop')
            self.acting.run('call', 'cont')
        out, err = process.communicate(timeout=LONGEST)
        equal((process.returncode, err), (0, ''))
        return out.splitlines()


@test
def events_are_counted(monitors):
    lines = monitors.watch('--count', '3')
    equal(len(lines), 3)
    for line in lines:
        time, name, data = line.split(' ')
        equal((len(time), name in ('STOP', 'RESUME'), data), (12, True, '{}'))


@test
def names_choose_events(monitors):
    equal([line.split(' ')[1] for line in monitors.watch('RESUME', '-n', '2')], ['RESUME', 'RESUME'])


@test
def an_event_ends_it(monitors):
    lines = [json.loads(line) for line in monitors.watch('--json', '--until', 'RESUME')]
    equal(lines[-1]['event'], 'RESUME')
    equal(sorted(lines[-1]), ['data', 'event', 'timestamp'])
    equal([line['event'] for line in lines].count('RESUME'), 1)


@test
def time_runs_out(monitors):
    contains(monitors.watching.fail(4, 'events', '--timeout', '0.1').err, 'in time')


@test
def the_end_of_qemu_is_one(monitors):
    process = monitors.watching.start('events')
    # its first event may come before anybody watches, the end never does
    monitors.acting.run('call', 'quit')
    out, err = process.communicate(timeout=LONGEST)
    equal(process.returncode in (0, 3), True)


@test
def an_interrupt_ends_it(monitors):
    process = monitors.watching.start('events')
    while not select.select([process.stdout], [], [], 0)[0]:
        monitors.acting.run('call', 'stop')
        monitors.acting.run('call', 'cont')
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LONGEST)
    equal((process.returncode, err), (130, ''))


sys.exit(run_all(Monitors))
