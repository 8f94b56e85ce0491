// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Jobs as JavaScript sees them: promises, properties, and a list model.
import Gio from 'gi://Gio';
import Qmp from 'gi://Qmp?version=1.0';

import {equal, fails, runAll, test} from './harness.js';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
for (const name of ['execute_json', 'load_snapshot', 'list_snapshots'])
    Gio._promisify(Qmp.Connection.prototype, `${name}_async`, `${name}_finish`);
Gio._promisify(Qmp.Job, 'start_async', 'start_finish');
Gio._promisify(Qmp.Job, 'run_async', 'run_finish');
for (const name of ['wait', 'cancel', 'pause', 'resume'])
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

await runAll('START_QEMU', address => Qmp.Connection.open_async(address, null, null));
