# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: typed.py ADDRESS IMAGE

Gives QEMU a qcow2 image, and prints the block devices that it has then.
"""
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import Qmp

address, filename = sys.argv[1:]
qemu = Qmp.Connection.open(address)

qemu.blockdev_add(Qmp.BlockdevOptionsQcow2Branch(
    node_name='disk0',
    read_only=True,
    file=Qmp.BlockdevRef(definition=Qmp.BlockdevOptionsFileBranch(filename=filename))))

for device in qemu.query_named_block_nodes():
    node = device.props
    if not node.node_name.startswith('#'):  # those are QEMU's own
        print(f'{node.node_name}: {node.drv}, {node.image.props.virtual_size} bytes{", read-only" if node.ro else ""}')
