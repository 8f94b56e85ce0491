# SPDX-License-Identifier: LGPL-2.1-or-later
import signal
import sys

from harness import LONGEST, Peer, Tool, contains, equal, run_all, test
from terminal import run_in_terminal


class Copying(Peer):
    """A QEMU with two monitors, and disks that can be copied, slowly."""

    def __init__(self):
        super().__init__('START_QEMU', '-qmp', 'unix:FOLDER/second,server=on,wait=off',
                         '-blockdev', 'driver=null-co,node-name=source,size=1073741824,read-zeroes=off',
                         '-blockdev', 'driver=null-co,node-name=target,size=1073741824')

    def __enter__(self):
        super().__enter__()
        self.qmpctl, self.other = Tool('QMPCTL', self.address), Tool('QMPCTL', self.folder + '/second')
        self.qmpctl.run('call', 'query-name')
        return self

    def start(self, job='copy', **options):
        self.qmpctl.run('call', 'blockdev-backup', f'job-id={job}', 'device=source', 'target=target', 'sync=full',
                        'speed=1M', *(f'{name}={value}' for name, value in options.items()))

    def hurry(self):
        self.other.run('call', 'block-job-set-speed', 'device=copy', 'speed=0')


@test
def jobs_are_listed(qemu):
    equal(qemu.qmpctl.run('jobs').lines, ['JOB  TYPE  STATUS  DONE  ERROR'])
    equal(qemu.qmpctl.run('jobs', '--json').json, [])
    qemu.start()
    titles, line = qemu.qmpctl.run('jobs').lines
    equal(titles.split(), ['JOB', 'TYPE', 'STATUS', 'DONE', 'ERROR'])
    equal(line.split()[:3], ['copy', 'backup', 'running'])
    contains(line, '%')
    job, = qemu.qmpctl.run('jobs', '--json').json
    equal((job['id'], job['type'], job['status'], job['total-progress']), ('copy', 'backup', 'running', 1 << 30))
    equal(0 <= job['done'] < 1, True)


@test
def one_is_told_what_to_do(qemu):
    qemu.start('copy')
    for action, status in (('pause', 'paused'), ('resume', 'running')):
        equal(qemu.qmpctl.run('jobs', action, 'copy').out, '')
        contains(qemu.qmpctl.run('jobs').out, status)
    qemu.qmpctl.run('jobs', 'cancel', 'copy')
    contains(qemu.qmpctl.try_run('jobs', 'wait', 'copy').err, 'copy', 'job')
    equal(qemu.qmpctl.run('jobs', '--json').json, [])


@test
def what_cannot_be_is_said(qemu):
    contains(qemu.qmpctl.fail(1, 'jobs', 'pause', 'nothing').err, 'job-pause')
    contains(qemu.qmpctl.fail(1, 'jobs', 'wait', 'nothing').err, 'There is no job "nothing"')
    for words in (['hurry', 'copy'], ['wait'], ['--watch', 'wait', 'copy']):
        contains(qemu.qmpctl.fail(2, 'jobs', *words).err, 'actions are cancel')


@test
def its_end_is_waited_for(qemu):
    qemu.start(**{'auto-dismiss': 'off'})
    process = qemu.qmpctl.start('jobs', 'wait', 'copy')
    qemu.hurry()
    out, err = process.communicate(timeout=LONGEST)
    equal((process.returncode, out, err), (0, '', ''))


@test
def one_that_is_cancelled_has_failed(qemu):
    qemu.start()
    process = qemu.qmpctl.start('jobs', 'wait', 'copy')
    qemu.other.run('jobs', 'cancel', 'copy')
    out, err = process.communicate(timeout=LONGEST)
    equal((process.returncode, err.startswith('qmpctl: ')), (1, True))  # whichever of the two was first


@test
def all_are_followed_to_their_ends(qemu):
    qemu.start(**{'auto-dismiss': 'off'})
    process = qemu.qmpctl.start('jobs', '--watch')
    equal(process.stdout.readline().startswith('copy running, '), True)
    qemu.hurry()
    out, err = process.communicate(timeout=LONGEST)
    equal((process.returncode, err), (0, ''))
    equal(out.splitlines()[-1], 'copy concluded, 100%')
    contains(qemu.qmpctl.run('jobs').lines[1], 'concluded')
    qemu.qmpctl.run('jobs', 'wait', 'copy')
    qemu.qmpctl.run('jobs', 'dismiss', 'copy')
    equal(qemu.qmpctl.run('jobs', '--watch').out, '')


@test
def each_status_is_a_line_of_json(qemu):
    qemu.start()
    process = qemu.qmpctl.start('jobs', '--watch', '--json')
    contains(process.stdout.readline(), '{"id":"copy","type":"backup","status":"running","current-progress":')
    qemu.hurry()
    process.communicate(timeout=LONGEST)
    equal(process.returncode, 0)


@test
def a_terminal_has_bars(qemu):
    qemu.start()
    qemu.other.run('call', 'block-job-set-speed', 'device=copy', 'speed=64M')
    status, out = run_in_terminal(qemu.qmpctl.command('jobs', 'wait', 'copy', '--timeout', '2'), {})
    equal(status, 4)
    contains(out, 'copy [', '% ', ' MiB of 1.0 GiB', 'did not')


@test
def an_interrupt_leaves_it_going(qemu):
    qemu.start()
    process = qemu.qmpctl.start('jobs', '--watch')
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LONGEST)
    equal((process.returncode, err), (130, ''))
    contains(qemu.qmpctl.run('jobs').out, 'running')


@test
def time_runs_out(qemu):
    qemu.start()
    contains(qemu.qmpctl.fail(4, 'jobs', 'wait', 'copy', '--timeout', '0.1').err, 'in time')


sys.exit(run_all(Copying))
