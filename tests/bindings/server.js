// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The far end as JavaScript sees it: tables, handlers, later answers, events,
// clients.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Qmp from 'gi://Qmp?version=1.0';

import {closed, equal, fails, runEach, test} from './harness.js';

Gio._promisify(Qmp.Connection, 'open_stream_async', 'open_stream_finish');
Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
Gio._promisify(Qmp.Connection.prototype, 'execute_json_async', 'execute_json_finish');
Gio._promisify(Qmp.EventStream.prototype, 'next_async', 'next_finish');

function openTo(server) {
    return Qmp.Connection.open_stream_async(server.open_stream(), null, null);
}

test('table', async () => {
    const server = new Qmp.Server({version: Qmp.Version.new(9, 1, 2, 'test'), out_of_band: false});
    server.set_result_json('query-uuid', JSON.stringify({UUID: 'x'}));
    server.set_error('cont', 'DeviceNotActive', 'it sleeps');
    const connection = await openTo(server);
    equal(connection.version.to_string(), '9.1.2');
    equal(connection.out_of_band, false);
    equal(JSON.parse(await connection.execute_json_async('query-uuid', null, null)).UUID, 'x');
    const error = await fails(connection.execute_json_async('cont', null, null), Qmp.Error, Qmp.Error.DEVICE_NOT_ACTIVE);
    equal(error.message, 'cont: it sleeps');
    server.unset('cont');
    await fails(connection.execute_json_async('cont', null, null), Qmp.Error, Qmp.Error.COMMAND_NOT_FOUND);
});

test('handlers', async () => {
    const server = new Qmp.Server();
    server.connect('command::sum', (_server, call) => {
        const {a, b} = JSON.parse(call.get_arguments_json());
        equal(call.get_arguments().get_object().get_int_member('a'), a);
        return call.return_json(JSON.stringify(a + b));
    });
    server.connect('command::none', () => undefined);
    const connection = await openTo(server);
    equal(await connection.execute_json_async('sum', '{"a": 1, "b": 2}', null), '3');
    await fails(connection.execute_json_async('none', null, null), Qmp.Error, Qmp.Error.COMMAND_NOT_FOUND);
});

test('later', async () => {
    const server = new Qmp.Server();
    server.connect('command', (_server, call) => {
        GLib.idle_add(GLib.PRIORITY_DEFAULT, () => {
            call.return_json(JSON.stringify(call.command));
            return GLib.SOURCE_REMOVE;
        });
        return true;
    });
    const connection = await openTo(server);
    const replies = await Promise.all(['a', 'b', 'c'].map(name => connection.execute_json_async(name, null, null)));
    equal(replies.join(), '"a","b","c"');
});

test('clients', async () => {
    const server = new Qmp.Server();
    const diary = [];
    server.connect('client-added', (_server, client) => diary.push(`+${client.id}`));
    const removed = new Promise(resolve => server.connect('client-removed', (_server, client, error) => {
        diary.push(`-${client.id}`);
        resolve(error);
    }));
    const connection = await openTo(server);
    const [client] = server.get_clients();
    equal(client.state, Qmp.ServerClientState.READY);
    const end = closed(connection);
    client.close();
    equal(await removed, null);
    await end;
    equal(diary.join(), '+1,-1');
    equal(server.get_clients().length, 0);
});

test('events', async () => {
    const server = new Qmp.Server();
    const connection = await openTo(server);
    const events = connection.watch_events(null, 10);
    server.emit_event_json('RESET', '{"guest": true}');
    server.relay_event(Qmp.Event.new_from_json('{"event": "STOP", "timestamp": {"seconds": 5, "microseconds": 7}}'));
    server.get_clients()[0].emit_event_json('RESUME', null);
    equal((await events.next_async(null)).get_data_json(), '{"guest": true}');
    equal((await events.next_async(null)).get_timestamp(), 5000007);
    equal((await events.next_async(null)).get_name(), 'RESUME');
});

test('listening', async () => {
    const server = new Qmp.Server();
    const address = server.listen('tcp:127.0.0.1:0');
    const connection = await Qmp.Connection.open_async(address, null, null);
    const end = closed(connection);
    server.close();
    await end;
});

// A server with a thread of its own answers what a table can.
test('blocking', async () => {
    const server = Qmp.Server.new_threaded();
    server.set_result_json('query-status', '{"running": true, "status": "running"}');
    const connection = Qmp.Connection.open_stream(server.open_stream(), null, null);
    equal(connection.query_status(null).get_running(), true);
});

await runEach(body => body());
