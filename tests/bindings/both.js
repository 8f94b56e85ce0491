// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Both libraries in one process, and what one hears of the other's peer.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Qga from 'gi://Qga?version=1.0';
import Qmp from 'gi://Qmp?version=1.0';

import {equal, Peer, runAll, test} from './harness.js';

for (const library of [Qmp, Qga]) {
    Gio._promisify(library.Connection, 'open_async', 'open_finish');
    Gio._promisify(library.Connection.prototype, 'execute_json_async', 'execute_json_finish');
}

test('types', async () => {
    equal(GObject.type_name(Qmp.Connection.$gtype), 'QmpConnection');
    equal(GObject.type_name(Qga.Connection.$gtype), 'QgaConnection');
});

test('errors', async () => {
    equal(GLib.quark_to_string(Qga.Error.quark()) !== GLib.quark_to_string(Qmp.Error.quark()), true);
    const error = new GLib.Error(Qga.Error, Qga.Error.GENERIC, 'of the agent');
    equal(error.matches(Qga.Error, Qga.Error.GENERIC), true);
    equal(error.matches(Qmp.Error, Qmp.Error.GENERIC), false);
});

test('a monitor for an agent', async (agent) => {
    const emulator = new Peer('START_QEMU');
    try {
        const qemu = await Qmp.Connection.open_async(emulator.address, null, null);
        const restarted = new Promise(resolve => agent.connect('notify::generation', resolve));
        agent.watch_monitor(qemu, null);
        await qemu.execute_json_async('system_reset', null, null);
        await restarted;
        equal(agent.generation, 2);
        equal(await agent.execute_json_async('guest-ping', null, null), '{}');
        equal(agent.responsive, true);
    } finally {
        await emulator.end();
    }
});

await runAll('START_AGENT', address => Qga.Connection.open_async(address, null, null));
