// SPDX-License-Identifier: LGPL-2.1-or-later
//
// qga-glib as JavaScript sees it with its overrides.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Qga from 'gi://Qga?version=1.0';

import {Peer, equal, fails, runAll, test} from './harness.js';

function cancelled() {
    const cancellable = new Gio.Cancellable();
    cancellable.cancel();
    return cancellable;
}

test('every call gives a promise', async (agent) => {
    equal(await agent.guest_ping_async(), true);
    equal(await agent.execute_json_async('guest-ping'), '{}');
    equal(typeof (await agent.guest_get_osinfo_async()).kernel_release, 'string');
    const process = await Qga.Process.spawn_async(agent, ['echo', 'hello']);
    const [output] = await process.communicate_utf8_async();
    equal(output, 'hello\n');
});

test('native values', async (agent) => {
    equal((await agent.call('guest-info')).version, agent.dup_agent_version());
    const id = 2n ** 63n - 1n;
    equal(await agent.call('guest-sync', {id}), id);
    equal(await agent.call('guest-sync', {id: -(2n ** 63n)}, {timeout: 5000}), -(2n ** 63n));
    equal(await agent.call('guest-sync', {id: 7}, {replySize: 100}), 7);
    await fails(agent.call('guest-ping', null, {cancellable: cancelled()}), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
});

test('typed integers are exact', async (agent) => {
    equal(await agent.guest_sync_async(7), 7);
    const now = await agent.guest_get_time_async();
    equal(typeof now, 'bigint');
    equal(await agent.guest_sync_async(2n ** 53n + 1n), 2n ** 53n + 1n);
    equal(Math.abs(Number(now) / 1e9 - Date.now() / 1e3) < 3600, true);
    const info = Qga.GuestExecStatus.new_from_json('{"exited": true, "exitcode": 9007199254740993}');
    equal(info.exitcode, 2n ** 53n + 1n);
});

test('arguments that are left out', async (agent) => {
    equal(agent.guest_ping(), true);
    equal(agent.execute_json('guest-ping'), '{}');
    const process = Qga.Process.spawn(agent, ['true']);
    equal(process.wait(), true);
});

test('using a connection', async (agent) => {
    equal(await Qga.using(agent, same => same.guest_ping_async()), true);
    equal(agent.state, Qga.ConnectionState.CLOSED);
});

test('using frozen file systems', async () => {
    const guest = new Peer('START_FREEZING_AGENT');
    try {
        const agent = await Qga.Connection.open_async(guest.address);
        const guards = [];
        const failing = Qga.using(Qga.FreezeGuard.freeze_async(agent), async guard => {
            guards.push(guard);
            equal(Number(guard.get_count()), 2);
            equal(await Qga.FreezeGuard.query_async(agent), Qga.FreezeStatus.FROZEN);
            await agent.call('guest-ping', null, {cancellable: cancelled()});
        });
        await fails(failing, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        equal(guards[0].get_thawed(), true);
        equal(await Qga.FreezeGuard.query_async(agent), Qga.FreezeStatus.THAWED);
        // and not twice
        await Qga.using(Qga.FreezeGuard.freeze_async(agent), async guard => {
            await guard.thaw_async();
            guard.thaw_async = () => Promise.reject(new Error('it was thawed again'));
        });
    } finally {
        await guest.end();
    }
});

test('plain objects', async (agent, peer) => {
    const path = `${peer.folder}/file`;
    const handle = await agent.guest_file_open_async(path, {mode: 'w'});
    await agent.guest_file_close_async(handle);
    equal(GLib.file_test(path, GLib.FileTest.EXISTS), true);

    await agent.close_async();
    const next = await Qga.Connection.open_async(peer.address, {timeout: 5000, defaultTimeout: 1234});
    equal(next.default_timeout, 1234);
});

test('errors tell what they are', async (agent) => {
    const error = await fails(agent.call('guest-make-coffee'), Qga.Error, Qga.Error.COMMAND_NOT_FOUND);
    equal(error.command, 'guest-make-coffee');
    equal(typeof error.className, 'string');
    const disabled = await fails(agent.guest_fstrim_async(), Qga.Error, Qga.Error.COMMAND_DISABLED);
    equal(disabled.command, 'guest-fstrim');
    equal(disabled.description.length > 0, true);
});

test('streams', async (agent, peer) => {
    const file = await Qga.File.open_async(agent, `${peer.folder}/file`, Qga.FileMode.WRITE);
    file.get_output_stream().write_all('hello', null);
    file.close(null);
    const local = Gio.File.new_for_path(`${peer.folder}/copy`);
    const told = [];
    await agent.copy_from_guest_async(`${peer.folder}/file`, local, Gio.FileCopyFlags.NONE, 100,
        current => told.push(current));
    equal(new TextDecoder().decode(local.load_contents(null)[1]), 'hello');
    equal(told.at(-1), 5);
});

await runAll('START_AGENT', address => Qga.Connection.open_async(address));
