# SPDX-License-Identifier: LGPL-2.1-or-later
import sys

from fake_qemu import FakeQemu
from harness import Machine, Tool, contains, equal, run_all, test

DEVICE = '/machine/peripheral/card'


class Objects(Machine):
    def __init__(self):
        super().__init__('-device', 'virtio-net-pci,id=card,romfile=', '-object', 'memory-backend-ram,id=memory,size=1M',
                         '-object', 'throttle-group,id=group', '-object', 'iothread,id=io')


@test
def objects_are_a_tree(machine):
    lines = machine.qmpctl.run('tree', env={'LC_ALL': 'C.UTF-8'}).lines
    equal(lines[0].startswith('/machine (pc-'), True)
    card = next(i for i, line in enumerate(lines) if 'card (virtio-net-pci)' in line)
    equal(lines[card][:6] in ('│  ├─ ', '│  └─ ', '   ├─ ', '   └─ '), True)
    equal('virtio-net-device' in lines[card + 1] + lines[card + 2] + lines[card + 3] + lines[card + 4] + lines[card + 5], True)
    contains(machine.qmpctl.run('tree', env={'LC_ALL': 'C'}).out, '\n|- ', '\n`- ')


@test
def depth_cuts_it(machine):
    out = machine.qmpctl.run('tree', '--depth', '1').out
    contains(out, 'peripheral (container)')
    equal('card' in out, False)
    equal(len(machine.qmpctl.run('tree', '/objects/memory', '-d', '0').lines), 1)


@test
def json_is_nested(machine):
    tree = machine.qmpctl.run('tree', '/machine/peripheral', '--json', '--depth', '1').json
    equal((tree['type'], tree['path']), ('container', '/machine/peripheral'))
    equal(tree['children'], [{'name': 'card', 'type': 'virtio-net-pci', 'path': DEVICE}])


@test
def a_tree_without_end_has_one(_):
    endless = {'qom-list': [{'name': 'deeper', 'type': 'child<x>'}], 'qom-get': 'x'}
    with FakeQemu(endless) as fake:
        equal(len(Tool('QMPCTL', fake.address).run('tree').lines), 65)


@test
def properties_are_read(machine):
    equal(machine.qmpctl.run('get', DEVICE, 'type').out, 'virtio-net-pci\n')
    equal(machine.qmpctl.run('get', DEVICE, 'type', '--json').out, '"virtio-net-pci"\n')
    equal(machine.qmpctl.run('get', DEVICE, 'hotplugged').out, 'false\n')
    lines = machine.qmpctl.run('get', '/objects/memory').lines
    equal(lines[0].split(), ['PROPERTY', 'TYPE', 'VALUE'])
    equal([line.split() for line in lines if line.startswith('size ')], [['size', 'int', '1048576']])
    found = {entry['name']: entry for entry in machine.qmpctl.run('get', DEVICE, '-j').json}
    equal(found['realized'], {'name': 'realized', 'type': 'bool', 'value': True})


@test
def properties_are_set_by_their_types(machine):
    for path, name, text, found in (('/objects/io', 'poll-max-ns', '1M', 1 << 20), ('/objects/io', 'poll-max-ns', '0x10', 16),
                                    ('/machine', 'dump-guest-core', 'off', False), ('/machine', 'append', '123', '123')):
        equal(machine.qmpctl.run('set', path, name, text).out, '')
        equal(machine.qmpctl.run('get', path, name, '--json').json, found)


@test
def structures_are_json(machine):
    machine.qmpctl.run('set', '/objects/group', 'limits', '{"bps-read": 5}')
    equal(machine.qmpctl.run('get', '/objects/group', 'limits', '-j').json['bps-read'], 5)


@test
def what_cannot_be_is_said(machine):
    contains(machine.qmpctl.fail(2, 'set', '/machine', 'dump-guest-core', 'maybe').err, 'not a boolean')
    contains(machine.qmpctl.fail(1, 'set', '/machine', 'nonsense', '1').err, 'nonsense')
    contains(machine.qmpctl.fail(1, 'get', '/nowhere').err, '/nowhere')
    contains(machine.qmpctl.fail(1, 'tree', '/nowhere').err, '/nowhere')
    contains(machine.qmpctl.fail(2, 'tree', '--depth', '-1').err, 'negative')


sys.exit(run_all(Objects))
