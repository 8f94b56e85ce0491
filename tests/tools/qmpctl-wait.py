# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import signal
import subprocess
import sys

from fake_qemu import FakeQemu
from harness import LONGEST, Peer, Tool, contains, equal, run_all, test


class Late(Peer):
    """A QEMU with two monitors, that can be started late."""

    def __init__(self):
        super().__init__('START_QEMU', '-M', 'pc', '-S', '-qmp', 'unix:FOLDER/second,server=on,wait=off')

    def __enter__(self):
        super().__enter__()
        self.qmpctl, self.other = Tool('QMPCTL', self.address), Tool('QMPCTL', self.folder + '/second')
        return self


@test
def a_monitor_that_answers_ends_it(late):
    equal(late.qmpctl.run('wait').out, '')


@test
def one_that_is_not_there_is_waited_for(late):
    address = late.folder + '/third'
    contains(Tool('QMPCTL', address).fail(4, 'wait', '--timeout', '0.2').err, 'third')
    process = Tool('QMPCTL', address).start('wait')
    with subprocess.Popen([os.environ['START_QEMU'], address], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as third:
        out, err = process.communicate(timeout=LONGEST)
        third.kill()
    equal((process.returncode, out, err), (0, '', ''))


@test
def an_interrupt_ends_it(late):
    process = Tool('QMPCTL', late.folder + '/nothing').start('wait')
    late.qmpctl.run('info')  # takes longer than it takes to start
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LONGEST)
    equal((process.returncode in (130, -signal.SIGINT), out, err), (True, '', ''))


@test
def a_state_is_waited_for(late):
    late.qmpctl.run('wait', '--state', 'prelaunch')
    process = late.qmpctl.start('wait', '--state', 'running')
    late.other.run('cont')
    out, err = process.communicate(timeout=LONGEST)
    equal((process.returncode, out, err), (0, '', ''))
    contains(late.qmpctl.fail(4, 'wait', '--state', 'paused', '--timeout', '1').err, 'paused did not come in time')


@test
def an_event_is_waited_for(late):
    late.qmpctl.run('wait')
    process = late.qmpctl.start('wait', '--event', 'STOP', '--json')
    while process.poll() is None:
        late.other.run('cont')
        late.other.run('pause')
    out, err = process.communicate(timeout=LONGEST)
    contains(out, '{"event":"STOP",')
    equal((process.returncode, err), (0, ''))
    contains(late.qmpctl.fail(4, 'wait', '--event', 'NOTHING', '--timeout', '1').err, 'NOTHING')


@test
def its_end_is_waited_for(late):
    contains(late.qmpctl.fail(4, 'wait', '--end', '--timeout', '1').err, 'end did not come in time')
    with FakeQemu({}, last='qmp_capabilities') as fake:
        equal(Tool('QMPCTL', fake.address).run('wait', '--end').out, '')


@test
def an_end_is_none_of_what_else_is_waited_for(late):
    with FakeQemu({'query-status': {'status': 'running'}}, last='query-status') as fake:
        contains(Tool('QMPCTL', fake.address).fail(3, 'wait', '--state', 'paused').err, 'closed')


@test
def only_one_thing_is_waited_for(late):
    contains(late.qmpctl.fail(2, 'wait', '--end', '--event', 'STOP').err, 'one can be waited for')


sys.exit(run_all(Late))
