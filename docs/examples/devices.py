# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: devices.py QEMU IMAGE

Plugs a disk in and out, changes a medium, and measures a guest.
"""
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


def use_disk(qemu, filename):
    image = Qmp.BlockdevOptionsFileBranch(filename=filename, node_name='data')
    qemu.plug_disk(image, 'usb-storage', Qmp.DeviceAddArguments(id='disk1'))
    print('The disk is plugged in.')
    qemu.unplug_disk('disk1', 'data')
    print('It is gone.')


def use_drive(qemu, filename):
    medium = Qmp.BlockdevOptionsFileBranch(filename=filename, node_name='tools', read_only=True)
    qemu.change_medium('cd0', medium)
    print('The medium is in the drive.')
    qemu.eject_medium('cd0')
    print('It is out.')


def measure(qemu):
    info = qemu.measure_dirty_rate(1)
    print(f'The guest writes {info.get_dirty_rate()} MiB/s.')


def main(program, filename):
    launcher = Qmp.Launcher.new(program)
    launcher.set_arguments(['-machine', 'pc', '-nodefaults', '-display', 'none',
                            '-device', 'qemu-xhci', '-device', 'ide-cd,id=cd0'])
    machine = launcher.launch()
    use_disk(machine.get_connection(), filename)
    use_drive(machine.get_connection(), filename)
    measure(machine.get_connection())


if len(sys.argv) != 3:
    sys.exit('usage: devices.py QEMU IMAGE')
try:
    main(*sys.argv[1:])
except GLib.Error as error:
    sys.exit(error.message)
