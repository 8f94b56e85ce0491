# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: native.py ADDRESS

Runs commands with plain values in and out, prints events as they come, and tells
which error it was.
"""
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


def print_status(qemu):
    status = qemu.call('query-status')
    print('It runs.' if status['running'] else 'It stands still.')


def print_size(qemu):
    qemu.blockdev_add({'driver': 'null-co', 'node-name': 'disk', 'size': 2**60})
    nodes = qemu.call('query-named-block-nodes', {'flat': True}, timeout=5000)
    print(nodes[0]['image']['virtual-size'], 'bytes')


def print_events(qemu):
    with qemu.events('STOP', 'RESUME', timeout=10000) as events:
        qemu.stop()
        qemu.cont()
        for event in events:
            print(event.name)
            if event.name == 'RESUME':
                break


def print_error(qemu):
    try:
        qemu.call('blockdev-del', {'node-name': 'nothing'})
    except GLib.Error as error:
        if Qmp.Error.of(error) != Qmp.Error.GENERIC:
            raise
        print(f'{Qmp.Error.get_command(error)}: {Qmp.Error.get_class_name(error)}')


try:
    with Qmp.Connection.open(sys.argv[1] if len(sys.argv) > 1 else 'unix:qmp.sock', {'timeout': 10000}) as qemu:
        print_status(qemu)
        print_size(qemu)
        print_events(qemu)
        print_error(qemu)
except GLib.Error as error:
    sys.exit(error.message)
