# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: typed.py ADDRESS FILE

Makes a block device of an image, lists what block devices there are, ends
QEMU, and says why it has ended.
"""
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


def add_image(qemu, filename):
    file = Qmp.BlockdevOptionsFileBranch(filename=filename)
    below = Qmp.BlockdevRef.new_for_definition(file)
    qemu.blockdev_add(Qmp.BlockdevOptionsRawBranch(node_name='image', file=below))


def print_nodes(qemu):
    for node in qemu.query_named_block_nodes():
        print(f'{node.get_node_name()}: {node.get_drv()}, {node.get_image().get_virtual_size()} bytes')


def end_machine(qemu):
    events = qemu.watch_events(['SHUTDOWN'], 1)
    qemu.quit()
    data = events.next().to_struct()
    if data.get_reason() == Qmp.ShutdownCause.HOST_QMP_QUIT:
        print('The end:', data.get_reason_text())


try:
    qemu = Qmp.Connection.open(sys.argv[1] if len(sys.argv) > 1 else 'unix:qmp.sock')
    add_image(qemu, sys.argv[2] if len(sys.argv) > 2 else 'image')
    print_nodes(qemu)
    end_machine(qemu)
except GLib.Error as error:
    sys.exit(error.message)
