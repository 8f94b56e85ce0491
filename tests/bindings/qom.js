// SPDX-License-Identifier: LGPL-2.1-or-later
//
// QEMU's objects, the guest's screen and its keyboard as JavaScript sees them.
import Gio from 'gi://Gio';
import Qmp from 'gi://Qmp?version=1.0';

import {equal, fails, Peer, runAll, test} from './harness.js';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
for (const name of ['type_text', 'move_pointer', 'click', 'take_screenshot'])
    Gio._promisify(Qmp.Connection.prototype, `${name}_async`, `${name}_finish`);
for (const name of ['load', 'read', 'write', 'follow'])
    Gio._promisify(Qmp.QomNode.prototype, `${name}_async`, `${name}_finish`);

const MACHINE = ['-M', 'pc', '-S', '-device', 'VGA,id=vga', '-object', 'memory-backend-ram,id=ram,size=1M'];

async function withMachine(body) {
    const machine = new Peer('START_QEMU', MACHINE);
    try {
        await body(await Qmp.Connection.open_async(machine.address, null, null));
    } finally {
        await machine.end();
    }
}

test('tree', () => withMachine(async (qemu) => {
    const root = Qmp.QomNode.new(qemu, '/');
    equal(root.loaded, false);
    equal(await root.load_async(null), true);
    equal(root.loaded, true);
    const names = Array.from({length: root.get_n_items()}, (_, i) => root.get_item(i).name);
    equal(names.includes('machine'), true);
    equal(root.find_child('machine').path, '/machine');
    const vga = Qmp.QomNode.new(qemu, '/machine/peripheral/vga');
    await vga.load_async(null);
    equal(vga.type_name, 'VGA');
    equal(vga.find_property('hotplugged').type, 'bool');
    equal(vga.get_properties().some(info => info.name === 'vgamem_mb'), true);
    equal((await vga.read_async('hotplugged', null)).to_json(), 'false');
    const bus = await vga.follow_async('parent_bus', null);
    equal(bus.load(null), true);
    equal(bus.type_name, 'PCI');
}));

test('write', () => withMachine(async (qemu) => {
    const ram = Qmp.QomNode.new(qemu, '/objects/ram');
    equal(await ram.write_async('merge', 'false', null), true);
    equal(ram.read('merge', null).to_json(), 'false');
    await fails(ram.write_async('merge', '7', null), Qmp.Error, Qmp.Error.GENERIC);
}));

test('screenshot', () => withMachine(async (qemu) => {
    const shot = await qemu.take_screenshot_async(null, 0, null);
    equal(shot.format, Qmp.ImageFormat.PNG);
    equal(shot.content_type, 'image/png');
    equal(shot.width > 0 && shot.height > 0, true);
    equal(new TextDecoder().decode(shot.bytes.toArray().slice(1, 4)), 'PNG');
    equal(qemu.take_screenshot('vga', 0, null).width, shot.width);
}));

test('text', () => withMachine(async (qemu) => {
    const error = await fails(qemu.type_text_async('Grüße', -1, null), Gio.IOErrorEnum, Gio.IOErrorEnum.INVALID_ARGUMENT);
    equal(error.message.includes('ü'), true);
    qemu.cont(null);
    equal(await qemu.type_text_async('Hi!\n', -1, null), true);
    equal(await qemu.click_async(Qmp.InputButton.LEFT, null), true);
}));

await runAll('START_QEMU', address => Qmp.Connection.open_async(address, null, null));
