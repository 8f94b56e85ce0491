// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m snapshot.js ADDRESS
//
// Saves a whole machine in its image, the qcow2 node “disk”, with a progress
// bar, and brings the machine back to that.
import Qmp from 'gi://Qmp?version=1.0';

function draw(job) {
    print(`[${'#'.repeat(10 * Math.max(job.fraction, 0)).padEnd(10)}]`);
}

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock');

const request = Qmp.Request.new('snapshot-save');
request.set_arguments_json(JSON.stringify({'job-id': 'save', tag: 'before', vmstate: 'disk', devices: ['disk']}));
const job = await Qmp.Job.start_async(qemu, request);
job.connect('notify::fraction', () => draw(job));
draw(job);
await job.wait_async();
await job.dismiss_async();
print('The snapshot is taken.');

for (const snapshot of await qemu.list_snapshots_async('disk'))
    print('The image has:', snapshot.name);
await qemu.load_snapshot_async('before', 'disk', ['disk']);
print('The machine is back.');
