// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m server.js
//
// Tests a function that drives QEMU, without QEMU.
import Qmp from 'gi://Qmp?version=1.0';

// What is to be tested: stops a machine that runs, and lets one run that does not.
async function toggle(qemu) {
    const status = await qemu.query_status_async();
    if (status.running)
        await qemu.stop_async();
    else
        await qemu.cont_async();
}

// The machine that is not there.
const server = new Qmp.Server();
server.set_result_json('query-status', JSON.stringify({status: 'running', running: true}));
server.set_error('cont', 'GenericError', 'Resetting the Virtual Machine is required');
server.connect('command::stop', (_server, call) => {
    print('It asked:', call.command);
    server.set_result_json('query-status', JSON.stringify({status: 'paused', running: false}));
    server.emit_event_json('STOP', null);
    return call.return_json('{}');
});

const qemu = await Qmp.Connection.open_stream_async(server.open_stream());
const events = qemu.watch_events(null, 10);

await toggle(qemu);
print('It was told:', (await events.next_async()).get_name());

try {
    await toggle(qemu);
} catch (error) {
    print('It failed:', error.message);
}
