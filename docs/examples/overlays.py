# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: overlays.py ADDRESS FILE

Makes a block device of an image, takes an external snapshot of it, prints what
it is made of, and merges the overlay down again.
"""
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp


def add_image(qemu, filename):
    file = Qmp.BlockdevOptionsFileBranch(filename=filename)
    below = Qmp.BlockdevRef.new_for_definition(file)
    qemu.blockdev_add(Qmp.BlockdevOptionsRawBranch(node_name='image', file=below))


path = sys.argv[2] if len(sys.argv) > 2 else 'image'
try:
    qemu = Qmp.Connection.open(sys.argv[1] if len(sys.argv) > 1 else 'unix:qmp.sock')
    add_image(qemu, path)

    snapshot = Qmp.ExternalSnapshot()
    snapshot.add_disk('image', f'{path}-1', None)
    [overlay] = snapshot.take(qemu)

    chain = qemu.list_chain(overlay)
    print(' on '.join(node.get_drv() for node in chain))

    left = qemu.commit_overlay(overlay)
    print(f'merged into {left}')
except GLib.Error as error:
    sys.exit(error.message)
