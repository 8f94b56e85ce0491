// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m devices.js QEMU IMAGE
//
// Plugs a disk in and out, changes a medium, and measures a guest.
import Qmp from 'gi://Qmp?version=1.0';

const [program, filename] = ARGV;
const launcher = Qmp.Launcher.new(program);
launcher.set_arguments(['-machine', 'pc', '-nodefaults', '-display', 'none',
    '-device', 'qemu-xhci', '-device', 'ide-cd,id=cd0']);
const machine = await launcher.launch_async();
const qemu = machine.connection;

const image = new Qmp.BlockdevOptionsFileBranch({filename, node_name: 'data'});
await qemu.plug_disk_async(image, 'usb-storage', new Qmp.DeviceAddArguments({id: 'disk1'}));
print('The disk is plugged in.');
await qemu.unplug_disk_async('disk1', 'data');
print('It is gone.');

const medium = new Qmp.BlockdevOptionsFileBranch({filename, node_name: 'tools', read_only: true});
await qemu.change_medium_async('cd0', medium);
print('The medium is in the drive.');
await qemu.eject_medium_async('cd0');
print('It is out.');

const info = await qemu.measure_dirty_rate_async(1);
print(`The guest writes ${info.dirty_rate} MiB/s.`);
