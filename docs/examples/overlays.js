// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m overlays.js ADDRESS FILE
//
// Makes a block device of an image, takes an external snapshot of it, prints
// what it is made of, and merges the overlay down again.
import Qmp from 'gi://Qmp?version=1.0';

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock');
const path = ARGV[1] ?? 'image';

const file = new Qmp.BlockdevOptionsFileBranch({filename: path});
const below = Qmp.BlockdevRef.new_for_definition(file);
await qemu.blockdev_add_async(new Qmp.BlockdevOptionsRawBranch({nodeName: 'image', file: below}));

const snapshot = Qmp.ExternalSnapshot.new();
snapshot.add_disk('image', `${path}-1`, null);
const [overlay] = await snapshot.take_async(qemu);

const chain = await qemu.list_chain_async(overlay);
print(chain.map(node => node.drv).join(' on '));

const left = await qemu.commit_overlay_async(overlay);
print(`merged into ${left}`);
