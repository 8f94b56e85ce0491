// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Devices plugged and unplugged, as JavaScript sees it.
import Gio from 'gi://Gio';
import Qmp from 'gi://Qmp?version=1.0';

import {equal, fails, Peer, runAll, test} from './harness.js';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
for (const name of ['plug_disk', 'unplug_disk', 'plug_network', 'unplug_network', 'unplug_device', 'system_reset',
    'change_medium', 'eject_medium', 'query_block', 'set_balloon', 'measure_dirty_rate'])
    Gio._promisify(Qmp.Connection.prototype, `${name}_async`, `${name}_finish`);

// Nobody in there heeds: it stands still.
async function withMachine(body) {
    const machine = new Peer('START_QEMU', ['-M', 'pc', '-S', '-device', 'ide-cd,id=cd0']);
    try {
        await body(await Qmp.Connection.open_async(machine.address, null, null));
    } finally {
        await machine.end();
    }
}

test('disk', () => withMachine(async qemu => {
    const node = new Qmp.BlockdevOptionsNullCoBranch({node_name: 'node0', size: 4096});
    const disk = new Qmp.DeviceAddArguments({id: 'disk0'});
    equal(await qemu.plug_disk_async(node, 'virtio-blk-pci', disk, null), true);
    equal(qemu.query_named_block_nodes(null, null).length, 1);

    const hasty = new Qmp.UnplugOptions({timeout: 20, interval: 5});
    const error = await fails(qemu.unplug_disk_async('disk0', 'node0', hasty, null), Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT);
    equal(error.message.includes('still there'), true);

    const gone = qemu.unplug_disk_async('disk0', 'node0', null, null);
    equal(await qemu.system_reset_async(null), true);
    equal(await gone, true);
    equal(qemu.query_named_block_nodes(null, null).length, 0);
}));

test('network', () => withMachine(async qemu => {
    const backend = new Qmp.NetdevHubportBranch({id: 'net0', hubid: 0});
    const card = new Qmp.DeviceAddArguments({id: 'card0'});
    equal(await qemu.plug_network_async(backend, 'virtio-net-pci', card, null), true);
    const gone = qemu.unplug_network_async('/machine/peripheral/card0', 'net0', null, null);
    equal(await qemu.system_reset_async(null), true);
    equal(await gone, true);
}));

test('nobody', () => withMachine(async qemu => {
    await fails(qemu.unplug_device_async('nobody', null, null), Qmp.Error, Qmp.Error.DEVICE_NOT_FOUND);
}));

test('medium', () => withMachine(async qemu => {
    const inside = async () => (await qemu.query_block_async(null)).find(drive => drive.qdev === 'cd0').inserted?.node_name;
    const medium = new Qmp.BlockdevOptionsNullCoBranch({node_name: 'first', size: 4096, read_only: true});
    equal(await qemu.change_medium_async('cd0', medium, null, null), true);
    equal(await inside(), 'first');
    medium.node_name = 'second';
    equal(await qemu.change_medium_async('cd0', medium, new Qmp.MediumOptions({keep_node: true}), null), true);
    equal(await inside(), 'second');
    equal(qemu.query_named_block_nodes(null, null).length, 2);
    equal(await qemu.eject_medium_async('cd0', null, null), true);
    equal(await inside(), undefined);
    medium.unset_node_name();
    await fails(qemu.change_medium_async('cd0', medium, null, null), Gio.IOErrorEnum, Gio.IOErrorEnum.INVALID_ARGUMENT);
}));

test('memory', () => withMachine(async qemu => {
    const info = await qemu.measure_dirty_rate_async(1, null, null);
    equal(info.status, Qmp.DirtyRateStatus.MEASURED);
    await fails(qemu.set_balloon_async(8 << 20, 1000, null), Qmp.Error, Qmp.Error.DEVICE_NOT_ACTIVE);
}));

await runAll('START_QEMU', address => Qmp.Connection.open_async(address, null, null));
