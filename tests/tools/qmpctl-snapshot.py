# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import re
import subprocess
import sys

from harness import Machine, contains, equal, run_all, test
from terminal import run_in_terminal


class Disks(Machine):
    """A machine with a disk in qcow2, one that is only read, and one in raw."""

    def __init__(self):
        super().__init__('-m', '32', '-nodefaults')

    def __enter__(self):
        super().__enter__()
        for command in ('blockdev-create job-id=make options.driver=file options.filename=%s/disk options.size=0',
                        'job-dismiss id=make',
                        'blockdev-add driver=file node-name=file filename=%s/disk',
                        'blockdev-create job-id=make options.driver=qcow2 options.file=file options.size=1M',
                        'job-dismiss id=make',
                        'blockdev-add driver=qcow2 node-name=disk file=file',
                        'blockdev-add driver=null-co node-name=read read-only=true',
                        'device_add driver=virtio-blk-pci drive=read',
                        'device_add driver=virtio-blk-pci drive=disk'):
            words = command.replace('%s', self.folder).split()
            self.qmpctl.run('call', *words)
            if words[0] == 'blockdev-create':
                self.qmpctl.run('jobs', 'wait', 'make')
        return self


@test
def one_is_saved_listed_loaded_and_deleted(machine):
    equal(machine.qmpctl.run('snapshot', 'list').lines, ['TAG  DATE  RUN TIME  STATE  NODES'])
    for tag in ('first', 'second'):
        equal(machine.qmpctl.run('snapshot', 'save', tag).out, '')
    titles, first, second = machine.qmpctl.run('snapshot', 'list').lines
    equal(re.fullmatch(r'first +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +\d+:\d\d:\d\d +[0-9.]+ [KM]iB  disk', first) is not None, True)
    machine.qmpctl.run('snapshot', 'load', 'first')
    machine.qmpctl.run('snapshot', 'delete', 'first')
    found, = machine.qmpctl.run('snapshot', 'list', '--json').json
    equal((found['tag'], found['nodes'], found['state-size'] > 0), ('second', ['disk'], True))
    equal(sorted(found), ['clock', 'date', 'id', 'nodes', 'state-size', 'tag'])
    equal(machine.qmpctl.run('jobs', '--json').json, [])


@test
def nodes_can_be_named(machine):
    machine.qmpctl.run('snapshot', 'save', 'named', '--device', 'disk', '--vmstate', 'disk')
    contains(machine.qmpctl.fail(1, 'snapshot', 'save', 'other', '--device', 'nothing').err, 'nothing')
    contains(machine.qmpctl.fail(1, 'snapshot', 'load', 'named', '--vmstate', 'nothing').err, 'nothing')


@test
def what_cannot_be_is_said(machine):
    for action in ('load', 'delete'):
        contains(machine.qmpctl.fail(1, 'snapshot', action, 'nothing').err, 'There is no snapshot "nothing"')
    for words in (['save'], ['list', 'x'], ['nonsense', 'x']):
        contains(machine.qmpctl.fail(2, 'snapshot', *words).err, 'save|load|delete TAG')


@test
def a_disk_that_keeps_none_is_told(machine):
    machine.qmpctl.run('call', 'blockdev-add', 'driver=null-co', 'node-name=plain')
    machine.qmpctl.run('call', 'device_add', 'driver=virtio-blk-pci', 'drive=plain')
    contains(machine.qmpctl.fail(1, 'snapshot', 'save', 'x').err, 'plain')


@test
def without_qcow2_there_is_no_place_for_it(_):
    with Machine('-nodefaults') as machine:
        contains(machine.qmpctl.fail(1, 'snapshot', 'save', 'x').err, 'qcow2')


@test
def a_terminal_sees_nothing_of_it_at_the_end(machine):
    status, out = run_in_terminal(machine.qmpctl.command('snapshot', 'save', 'x'), {})
    equal(status, 0)
    equal(out == '' or out.endswith('\r\033[K'), True)


@test
def drives_without_a_name_will_do(_):
    with Machine('-nodefaults') as machine:
        path = machine.folder + '/old'
        subprocess.run([os.environ.get('QEMU_IMG', 'qemu-img'), 'create', '-q', '-f', 'qcow2', path, '1M'], check=True)
        machine.qmpctl.run('hmp', 'drive_add', '0', f'if=none,id=old,format=qcow2,file={path}')
        machine.qmpctl.run('call', 'device_add', 'driver=virtio-blk-pci', 'drive=old')
        machine.qmpctl.run('snapshot', 'save', 'x')
        machine.qmpctl.run('snapshot', 'load', 'x')


sys.exit(run_all(Disks))
