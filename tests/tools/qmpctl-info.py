# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import sys

from harness import Machine, Tool, contains, equal, run_all, test


class Furnished(Machine):
    """A machine with something of everything."""

    def __init__(self):
        super().__init__('-name', 'a name', '-m', '64', '-smp', '2', '-device', 'virtio-balloon-pci',
                         '-blockdev', 'driver=null-co,node-name=disk,size=1048576,read-zeroes=on',
                         '-device', 'virtio-blk-pci,drive=disk,id=first', '-netdev', 'user,id=net',
                         '-device', 'virtio-net-pci,netdev=net,id=card,mac=52:54:00:00:00:07,romfile=')


@test
def a_machine_is_told_on_one_screen(machine):
    out = machine.qmpctl.run('info').out
    facts = dict(line.split(None, 1) for line in out.split('\n\n')[0].splitlines())
    equal(facts['Name'], 'a name')
    equal(facts['Status'], 'prelaunch')
    equal(facts['CPUs'], '2 (x86_64)')
    equal(facts['Accelerator'], 'tcg')
    contains(facts['Memory'], '64.0 MiB', 'balloon')
    contains(facts['Machine'], 'pc-')
    equal(facts['QEMU'].split(' ')[0].count('.'), 2)
    contains(out, '\n\nDisks\nDEVICE  NODE', '\n\nNetworks\nDEVICE')


@test
def columns_stand_under_their_titles(machine):
    lines = machine.qmpctl.run('info').lines
    titles = next(line for line in lines if line.startswith('DEVICE') and 'FORMAT' in line)
    disk = lines[lines.index(titles) + 1]
    equal(disk[:titles.index('NODE')].strip(), 'first')
    equal(disk[titles.index('NODE'):].split()[:3], ['disk', 'null-co', '1.0'])
    end = titles.index('SIZE') + len('SIZE')
    equal(disk[:end].endswith(' 1.0 MiB'), True)


@test
def json_has_what_the_text_has(machine):
    info = machine.qmpctl.run('info', '--json').json
    equal({name: info[name] for name in ('name', 'status', 'running', 'cpus', 'memory', 'balloon', 'jobs', 'architecture')},
          {'name': 'a name', 'status': 'prelaunch', 'running': False, 'cpus': 2, 'memory': 64 << 20, 'balloon': 64 << 20,
           'jobs': [], 'architecture': 'x86_64'})
    disk = info['disks'][0]
    equal({name: disk[name] for name in ('name', 'node', 'format', 'size', 'read-only', 'removable')},
          {'name': 'first', 'node': 'disk', 'format': 'null-co', 'size': 1 << 20, 'read-only': False, 'removable': False})
    equal(info['networks'], [{'name': 'card', 'type': 'virtio-net-pci', 'path': '/machine/peripheral/card',
                              'mac': '52:54:00:00:00:07', 'backend': 'net'}])


@test
def an_address_may_be_a_relative_path(machine):
    before = os.getcwd()
    os.chdir(machine.folder)
    try:
        for address in ('socket', './socket', 'unix:' + machine.address):
            contains(Tool('QMPCTL', address).run('info').out, 'a name')
    finally:
        os.chdir(before)


sys.exit(run_all(Furnished))
