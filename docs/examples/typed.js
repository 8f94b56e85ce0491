// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m typed.js ADDRESS FILE
//
// Makes a block device of an image, lists what block devices there are, ends
// QEMU, and says why it has ended.
import Qmp from 'gi://Qmp?version=1.0';

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock');

const file = new Qmp.BlockdevOptionsFileBranch({filename: ARGV[1] ?? 'image'});
const below = Qmp.BlockdevRef.new_for_definition(file);
await qemu.blockdev_add_async(new Qmp.BlockdevOptionsRawBranch({nodeName: 'image', file: below}));

for (const node of await qemu.query_named_block_nodes_async()) {
    const size = node.image.virtual_size; // a BigInt, if a number cannot hold it
    print(`${node.node_name}: ${node.drv}, ${size} bytes`);
}

const events = qemu.events('SHUTDOWN');
await qemu.quit_async();
const {value: event} = await events.next();
const data = event.to_struct();
if (data.reason === Qmp.ShutdownCause.HOST_QMP_QUIT)
    print(`The end: ${data.get_reason_text()}`);
