# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: migration.py QEMU SOCKET

Starts a machine, and moves it from one QEMU to another.
"""
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


def main(program, socket):
    uri = f'unix:{socket}'
    launcher = Qmp.Launcher.new(program)
    launcher.set_arguments(['-machine', 'pc', '-nodefaults', '-display', 'none'])
    here = launcher.launch()
    launcher.append_option('incoming', 'defer')
    there = launcher.launch()

    incoming = Qmp.Migration.receive(there.get_connection(), uri)
    migration = Qmp.Migration.start(here.get_connection(), uri)
    migration.wait()
    print('It has left.')
    incoming.wait()
    print('It has arrived.')

    # as another program would, or this one after a crash
    same = Qmp.Migration.attach(here.get_connection())
    print(f'{100 * same.get_fraction():.0f} % of it is done.')


if len(sys.argv) != 3:
    sys.exit('usage: migration.py QEMU SOCKET')
try:
    main(*sys.argv[1:])
except GLib.Error as error:
    sys.exit(error.message)
