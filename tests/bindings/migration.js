// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Migrations, as JavaScript sees them.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Qmp from 'gi://Qmp?version=1.0';

import {equal, fails, runAll, test} from './harness.js';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
Gio._promisify(Qmp.Connection.prototype, 'migrate_set_parameters_async', 'migrate_set_parameters_finish');
Gio._promisify(Qmp.Launcher.prototype, 'launch_async', 'launch_finish');
Gio._promisify(Qmp.Machine.prototype, 'shut_down_async', 'shut_down_finish');
for (const name of ['start', 'receive', 'attach'])
    Gio._promisify(Qmp.Migration, `${name}_async`, `${name}_finish`);
for (const name of ['wait', 'cancel'])
    Gio._promisify(Qmp.Migration.prototype, `${name}_async`, `${name}_finish`);

async function launch(more) {
    const launcher = Qmp.Launcher.new(GLib.getenv('QEMU') || 'qemu-system-x86_64');
    launcher.set_arguments(['-machine', 'pc', '-accel', 'tcg', '-m', '16', '-nodefaults', '-display', 'none', ...more]);
    return await launcher.launch_async(null);
}

async function withPair(peer, body) {
    const machines = [await launch([]), await launch(['-incoming', 'defer'])];
    try {
        await body(machines[0].connection, machines[1].connection, `unix:${peer.folder}/move`);
    } finally {
        for (const machine of machines)
            await machine.shut_down_async(new Qmp.ShutdownOptions({power_down_timeout: 0}), null);
    }
}

async function crawl(connection) {
    await connection.migrate_set_parameters_async(new Qmp.MigrateSetParameters({max_bandwidth: 4096}), null);
}

test('there and in', (_, peer) => withPair(peer, async (from, to, uri) => {
    const incoming = await Qmp.Migration.receive_async(to, uri, null, null);
    const outgoing = await Qmp.Migration.start_async(from, uri, null, null);
    equal(incoming.incoming, true);
    equal(outgoing.incoming, false);
    equal(await outgoing.wait_async(null), true);
    equal(await incoming.wait_async(null), true);
    equal(outgoing.status, Qmp.MigrationStatus.COMPLETED);
    equal(outgoing.active, false);
    equal(outgoing.fraction, 1);
    equal(outgoing.transferred > 0, true);
    equal(outgoing.error, null);
}));

test('attached', (_, peer) => withPair(peer, async (from, to, uri) => {
    await fails(Qmp.Migration.attach_async(from, null), Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND);
    await crawl(from);
    await Qmp.Migration.receive_async(to, uri, null, null);
    const first = await Qmp.Migration.start_async(from, uri, null, null);
    const second = await Qmp.Migration.attach_async(from, null);
    const incoming = await Qmp.Migration.attach_async(to, null);
    equal(second.active, true);
    equal(second.incoming, false);
    equal(incoming.incoming, true);
    equal(await second.cancel_async(null), true);
    await fails(first.wait_async(null), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    equal(first.status, Qmp.MigrationStatus.CANCELLED);
}));

test('failing', (_, peer) => withPair(peer, async (from, _to, uri) => {
    const migration = await Qmp.Migration.start_async(from, uri, null, null);
    const error = await fails(migration.wait_async(null), Qmp.Error, Qmp.Error.MIGRATION_FAILED);
    equal(error.message.includes('move'), true);
    equal(migration.error.includes('No such file'), true);
}));

await runAll('START_QEMU', address => Qmp.Connection.open_async(address, null, null));
