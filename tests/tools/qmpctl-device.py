# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import sys

from harness import Guest, Machine, contains, equal, run_all, test


class Slots(Machine):
    def __init__(self):
        super().__init__('-device', 'virtio-rng-pci,id=first', '-device', 'virtio-balloon-pci')

    def make_image(self, name='image'):
        path = f'{self.folder}/{name}'
        with open(path, 'wb') as file:
            file.truncate(1 << 20)
        return path


@test
def devices_are_listed(machine):
    lines = [line.split() for line in machine.qmpctl.run('device', 'list').lines]
    equal(lines, [['ID', 'TYPE', 'PATH'], ['first', 'virtio-rng-pci', '/machine/peripheral/first'],
                  ['-', 'virtio-balloon-pci', '/machine/peripheral-anon/device[0]']])
    equal(machine.qmpctl.run('device', 'list', '--json').json[0],
          {'id': 'first', 'type': 'virtio-rng-pci', 'path': '/machine/peripheral/first'})


@test
def one_is_added_by_its_properties_types(machine):
    equal(machine.qmpctl.run('device', 'add', 'virtio-rng-pci', 'id=new', 'max-bytes=1K', 'period=500', 'rombar=1').out, '')
    equal(machine.qmpctl.run('get', '/machine/peripheral/new', 'max-bytes').out, '1024\n')
    contains(machine.qmpctl.fail(1, 'device', 'add', 'nonsense').err, 'nonsense')
    contains(machine.qmpctl.fail(1, 'device', 'add', 'virtio-rng-pci', 'nonsense=1').err, 'nonsense')
    contains(machine.qmpctl.fail(2, 'device', 'add', 'virtio-rng-pci', 'period=often').err, 'period', 'integer')
    contains(machine.qmpctl.fail(2, 'device', 'add', 'virtio-rng-pci', 'word').err, 'KEY=VALUE')


@test
def a_guest_that_does_not_let_go_is_told_of(machine):
    contains(machine.qmpctl.fail(4, 'device', 'remove', 'first', '--timeout', '0.3').err, 'first')
    contains(machine.qmpctl.fail(1, 'device', 'remove', 'nothing').err, 'nothing')
    contains(machine.qmpctl.run('device', 'list').out, 'first')


@test
def a_disk_is_added(machine):
    path = machine.make_image()
    equal(machine.qmpctl.run('disk', 'add', path, '--id', 'data', 'serial=1234').out, 'data\n')
    disk = machine.qmpctl.run('info', '--json').json['disks'][0]
    equal([disk[name] for name in ('name', 'node', 'format', 'size', 'read-only')], ['data', 'data', 'raw', 1 << 20, False])
    told = machine.qmpctl.run('disk', 'add', machine.make_image('other'), '--json', '--read-only').json
    equal(told['id'].startswith('disk-'), True)
    contains(machine.qmpctl.fail(4, 'disk', 'remove', 'data', '--timeout', '0.3').err, 'data')


@test
def a_relative_path_is_ours(machine):
    machine.make_image()
    before = os.getcwd()
    os.chdir(machine.folder)
    try:
        machine.qmpctl.run('disk', 'add', 'image', '--id', 'data')
    finally:
        os.chdir(before)
    equal(machine.qmpctl.run('info', '--json').json['disks'][0]['file'], machine.folder + '/image')


@test
def nothing_is_left_of_one_that_fails(machine):
    path = machine.make_image()
    contains(machine.qmpctl.fail(1, 'disk', 'add', path, '--id', 'data', '--driver', 'nonsense').err, 'nonsense')
    machine.qmpctl.run('disk', 'add', path, '--id', 'data')
    contains(machine.qmpctl.fail(1, 'disk', 'add', '/nowhere/image').err, '/nowhere/image')
    contains(machine.qmpctl.fail(1, 'disk', 'add', machine.make_image('raw'), '--format', 'qcow2').err, 'qcow2')
    contains(machine.qmpctl.fail(1, 'disk', 'remove', 'first').err, 'There is no disk with the id "first"')


@test
def words_are_checked(machine):
    contains(machine.qmpctl.fail(2, 'device', 'nonsense').err, 'device add DRIVER')
    contains(machine.qmpctl.fail(2, 'disk', 'remove').err, 'disk remove ID')


@test
def a_guest_lets_go(_):
    with Guest() as guest:
        guest.qmpctl.run('wait', '--event', 'VSERPORT_CHANGE')
        path = guest.folder + '/image'
        with open(path, 'wb') as file:
            file.truncate(1 << 20)
        guest.qmpctl.run('disk', 'add', path, '--id', 'extra')
        guest.qmpctl.run('disk', 'remove', 'extra')
        nodes = [node['node-name'] for node in guest.qmpctl.run('call', '-j', 'query-named-block-nodes', 'flat=true').json]
        equal('extra' in nodes, False)
        guest.qmpctl.run('device', 'add', 'virtio-rng-pci', 'id=random')
        guest.qmpctl.run('device', 'remove', 'random')
        equal('random' in guest.qmpctl.run('device', 'list').out, False)


sys.exit(run_all(Slots))
