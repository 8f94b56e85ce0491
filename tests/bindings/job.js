// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Jobs as JavaScript sees them: promises, properties, and a list model.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Qmp from 'gi://Qmp?version=1.0';

import {equal, fails, runAll, test} from './harness.js';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
Gio._promisify(Qmp.ExternalSnapshot.prototype, 'take_async', 'take_finish');
for (const name of ['execute_json', 'load_snapshot', 'list_snapshots', 'add_overlay', 'commit_overlay', 'stream_overlay', 'list_chain'])
    Gio._promisify(Qmp.Connection.prototype, `${name}_async`, `${name}_finish`);
Gio._promisify(Qmp.Job, 'start_async', 'start_finish');
Gio._promisify(Qmp.Job, 'run_async', 'run_finish');
for (const name of ['wait', 'cancel', 'pause', 'resume', 'query_details', 'limit_speed'])
    Gio._promisify(Qmp.Job.prototype, `${name}_async`, `${name}_finish`);

async function addNodes(connection) {
    for (const name of ['from', 'to']) {
        await connection.execute_json_async('blockdev-add', JSON.stringify(
            {'driver': 'null-co', 'node-name': name, 'size': 8388608, 'read-zeroes': true}), null);
    }
}

function backup(more) {
    const request = new Qmp.Request({command: 'blockdev-backup'});
    request.set_arguments_json(JSON.stringify({device: 'from', target: 'to', sync: 'full', ...more}));
    return request;
}

test('run', async (connection) => {
    await addNodes(connection);
    equal(await Qmp.Job.run_async(connection, backup({}), null, Qmp.JobRunFlags.NONE, null), true);
    equal(await connection.execute_json_async('query-jobs', null, null), '[]');
    await fails(Qmp.Job.run_async(connection, backup({target: 'none'}), null, Qmp.JobRunFlags.NONE, null),
        Qmp.Error, Qmp.Error.GENERIC);
});

test('progress', async (connection) => {
    const list = Qmp.JobList.new(connection);
    const fractions = [];
    await addNodes(connection);
    const job = await Qmp.Job.start_async(connection, backup({'job-id': 'b', 'speed': 4194304}), null, null);
    equal(job.id, 'b');
    equal(job.job_type, Qmp.JobType.BACKUP);
    job.interval = 50;
    job.connect('notify::fraction', () => fractions.push(job.fraction));
    equal(await job.wait_async(null), true);
    equal(job.active, false);
    equal(fractions.at(-1), 1);
    equal(fractions.every((fraction, i) => i === 0 || fraction > fractions[i - 1]), true);
    equal(list.get_item_type(), Qmp.Job.$gtype);
});

test('cancel', async (connection) => {
    await addNodes(connection);
    const job = await Qmp.Job.start_async(connection, backup({'job-id': 'b', 'speed': 1}), null, null);
    await job.cancel_async(false, null);
    await fails(job.wait_async(null), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
});

test('snapshots', async (connection) => {
    await addNodes(connection);
    equal((await connection.list_snapshots_async('from', null)).length, 0);
    await fails(connection.load_snapshot_async('none', 'from', ['from'], null), Qmp.Error, Qmp.Error.JOB_FAILED);
});

test('details', async (connection) => {
    await addNodes(connection);
    const job = await Qmp.Job.start_async(connection, backup({'job-id': 'b', 'speed': 1, 'auto-dismiss': false}), null, null);
    equal(job.speed_limit, -1);
    await job.query_details_async(null);
    equal(job.speed_limit, 1);
    equal(job.auto_dismiss, false);
    await job.limit_speed_async(0, null);
    equal(job.speed_limit, 0);
    equal(await job.wait_async(null), true);
});

test('overlays', async (connection, emulator) => {
    const path = `${emulator.folder}/disk`;
    GLib.file_set_contents(path, new Uint8Array(1048576));
    await connection.execute_json_async('blockdev-add', JSON.stringify(
        {'driver': 'raw', 'node-name': 'disk', 'file': {'driver': 'file', 'filename': path}}), null);
    const snapshot = Qmp.ExternalSnapshot.new();
    snapshot.add_disk('disk', `${emulator.folder}/one`, 'one');
    equal((await snapshot.take_async(connection, null)).join(), 'one');
    const top = await connection.add_overlay_async('one', `${emulator.folder}/two`, null);
    const chain = await connection.list_chain_async(top, null);
    equal(chain.map(node => node.node_name).join(), `${top},one,disk`);
    equal(chain.map(node => node.drv).join(), 'qcow2,qcow2,raw');
    equal(chain[2].file, path);
    equal(await connection.stream_overlay_async(top, new Qmp.BlockStreamArguments({base_node: 'disk'}), null), true);
    equal(await connection.commit_overlay_async(top, null, null), 'disk');
    equal((await connection.list_chain_async('disk', null)).length, 1);
    await fails(connection.list_chain_async(top, null), Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND);
    await fails(connection.add_overlay_async('disk', '/no/where', null), Qmp.Error, Qmp.Error.JOB_FAILED);
});

await runAll('START_QEMU', address => Qmp.Connection.open_async(address, null, null));
