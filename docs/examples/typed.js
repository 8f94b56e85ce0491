// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m typed.js ADDRESS FILE
//
// Makes a block device of an image, lists what block devices there are, ends
// QEMU, and says why it has ended.
import Gio from 'gi://Gio';
import Qmp from 'gi://Qmp?version=1.0';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
for (const call of ['blockdev_add', 'query_named_block_nodes', 'quit'])
    Gio._promisify(Qmp.Connection.prototype, `${call}_async`, `${call}_finish`);
Gio._promisify(Qmp.EventStream.prototype, 'next_async', 'next_finish');

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock', null, null);

const file = new Qmp.BlockdevOptionsFileBranch({filename: ARGV[1] ?? 'image'});
const below = Qmp.BlockdevRef.new_for_definition(file);
await qemu.blockdev_add_async(new Qmp.BlockdevOptionsRawBranch({nodeName: 'image', file: below}), null);

for (const node of await qemu.query_named_block_nodes_async(null, null)) {
    const size = BigInt(node.image.get_virtual_size_text());
    print(`${node.node_name}: ${node.drv}, ${size} bytes`);
}

const events = qemu.watch_events(['SHUTDOWN'], 1);
await qemu.quit_async(null);
const event = await events.next_async(null);
const data = event.to_struct();
if (data.reason === Qmp.ShutdownCause.HOST_QMP_QUIT)
    print(`The end: ${data.get_reason_text()}`);
