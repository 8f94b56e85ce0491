# SPDX-License-Identifier: LGPL-2.1-or-later
import sys

from harness import LONGEST, Guest, Machine, contains, equal, run_all, test


class Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def get_status(qmpctl):
    return qmpctl.run('call', 'query-status', '-j').json['status']


@test
def buttons_are_pressed(_):
    with Machine() as machine:
        for verb, status in (('cont', 'running'), ('pause', 'paused'), ('cont', 'running'), ('reset', 'running')):
            equal(machine.qmpctl.run(verb).out, '')
            equal(get_status(machine.qmpctl), status)
        contains(machine.qmpctl.fail(2, 'pause', 'now').err, 'Too many arguments')


@test
def quit_waits_until_it_is_gone(_):
    with Machine() as machine:
        equal(machine.qmpctl.run('quit').out, '')
        equal(machine.process.wait(timeout=LONGEST), 0)
        contains(machine.qmpctl.fail(3, 'quit').err, machine.address)


@test
def a_guest_that_does_not_power_off_is_told_of(_):
    with Machine() as machine:
        equal(machine.qmpctl.run('powerdown').out, '')
        contains(machine.qmpctl.fail(4, 'powerdown', '--wait', '--timeout', '0.2').err, 'has not in time', '--force')
        equal(machine.process.poll(), None)
        outcome = machine.qmpctl.try_run('powerdown', '--force', '--timeout', '0.2')
        equal((outcome.status, outcome.out, outcome.err),
              (0, '', 'qmpctl: The guest did not power off in time: QEMU is told to quit\n'))
        equal(machine.process.wait(timeout=LONGEST), 0)


@test
def a_guest_powers_off(_):
    with Guest() as guest:
        contains(guest.qmpctl.run('wait', '--event', 'VSERPORT_CHANGE').out, 'VSERPORT_CHANGE')
        guest.qmpctl.run('powerdown', '--wait')
        equal(guest.process.wait(timeout=LONGEST), 0)


@test
def a_qemu_that_stays_is_told_of(_):
    with Guest('-no-shutdown') as guest:
        guest.qmpctl.run('wait', '--event', 'VSERPORT_CHANGE')
        outcome = guest.qmpctl.try_run('powerdown', '--wait')
        equal((outcome.status, outcome.err), (0, 'qmpctl: The guest has powered off, and QEMU stays\n'))
        guest.qmpctl.run('wait', '--state', 'shutdown')


sys.exit(run_all(Nothing))
