# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import sys

from harness import Machine, contains, equal, run_all, test


class Disk(Machine):
    """A machine with a disk in qcow2."""

    def __init__(self):
        super().__init__('-m', '32', '-nodefaults')

    def __enter__(self):
        super().__enter__()
        self.image, self.noon = self.folder + '/disk', self.folder + '/noon'
        for command in (f'blockdev-create job-id=make options.driver=file options.filename={self.image} options.size=0',
                        'job-dismiss id=make',
                        f'blockdev-add driver=file node-name=file filename={self.image}',
                        'blockdev-create job-id=make options.driver=qcow2 options.file=file options.size=4M',
                        'job-dismiss id=make',
                        'blockdev-add driver=qcow2 node-name=disk file=file',
                        'device_add driver=virtio-blk-pci drive=disk'):
            words = command.split()
            self.qmpctl.run('call', *words)
            if words[0] == 'blockdev-create':
                self.qmpctl.run('jobs', 'wait', 'make')
        return self

    def chain(self, node):
        return [each['node'] for each in self.qmpctl.run('overlay', 'list', node, '--json').json]


@test
def one_is_added_listed_and_committed(machine):
    node = machine.qmpctl.run('overlay', 'add', 'disk', machine.noon).out.rstrip()
    equal(machine.chain(node), [node, 'disk'])
    titles, top, below = machine.qmpctl.run('overlay', 'list', node).lines
    equal(titles.split(), ['NODE', 'FORMAT', 'READ-ONLY', 'FILE'])
    equal(top.split(), [node, 'qcow2', '-', machine.noon])
    equal(below.split(), ['disk', 'qcow2', 'yes', machine.image])
    # the disk itself has gone over
    contains(machine.qmpctl.run('info').out, node)

    equal(machine.qmpctl.run('overlay', 'commit', node).out, 'disk\n')
    equal(machine.chain('disk'), ['disk'])
    machine.qmpctl.fail(1, 'overlay', 'list', node)
    equal(machine.qmpctl.run('jobs', '--json').json, [])


@test
def json_has_the_node(machine):
    node = machine.qmpctl.run('overlay', 'add', 'disk', machine.noon, '--json').json['node']
    equal([sorted(each) for each in machine.qmpctl.run('overlay', 'list', node, '--json').json],
          [['file', 'format', 'node', 'read-only']] * 2)
    equal(machine.qmpctl.run('overlay', 'commit', node, '--json').json, {'node': 'disk'})


@test
def one_is_made_to_stand_alone(machine):
    middle = machine.qmpctl.run('overlay', 'add', 'disk', machine.noon).out.rstrip()
    top = machine.qmpctl.run('overlay', 'add', middle, machine.folder + '/night').out.rstrip()
    equal(machine.chain(top), [top, middle, 'disk'])
    machine.qmpctl.run('overlay', 'stream', top, '--base', 'disk')
    equal(machine.chain(top), [top, 'disk'])
    machine.qmpctl.run('overlay', 'stream', top)
    equal(machine.chain(top), [top])
    # what was below is still a file
    equal(os.path.exists(machine.noon), True)


@test
def mistakes_are_named(machine):
    contains(machine.qmpctl.fail(1, 'overlay', 'list', 'nowhere').err, 'nowhere')
    contains(machine.qmpctl.fail(1, 'overlay', 'add', 'nowhere', machine.noon).err, 'nowhere')
    contains(machine.qmpctl.fail(1, 'overlay', 'add', 'disk', '/nowhere/file').err, '/nowhere/file')
    contains(machine.qmpctl.fail(1, 'overlay', 'commit', 'nowhere').err, 'nowhere')
    contains(machine.qmpctl.fail(2, 'overlay', 'add', 'disk').err, 'overlay add NODE FILE')
    contains(machine.qmpctl.fail(2, 'overlay', 'merge', 'disk').err, 'overlay list|commit|stream NODE')
    equal(machine.chain('disk'), ['disk'])


sys.exit(run_all(Disk))
