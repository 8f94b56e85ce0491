// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m typed.js ADDRESS IMAGE
//
// Gives QEMU a qcow2 image, and prints the block devices that it has then.
import Gio from 'gi://Gio';
import Qmp from 'gi://Qmp?version=1.0';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
for (const name of ['blockdev_add', 'query_named_block_nodes'])
    Gio._promisify(Qmp.Connection.prototype, `${name}_async`, `${name}_finish`);

const [address, filename] = ARGV;
const qemu = await Qmp.Connection.open_async(address, null, null);

await qemu.blockdev_add_async(new Qmp.BlockdevOptionsQcow2Branch({
    node_name: 'disk0',
    read_only: true,
    file: new Qmp.BlockdevRef({definition: new Qmp.BlockdevOptionsFileBranch({filename})}),
}), null);

for (const device of await qemu.query_named_block_nodes_async(null, null)) {
    if (!device.node_name.startsWith('#')) // those are QEMU's own
        print(`${device.node_name}: ${device.drv}, ${device.image.virtual_size} bytes${device.ro ? ', read-only' : ''}`);
}
