// SPDX-License-Identifier: LGPL-2.1-or-later
//
// qmp-glib as JavaScript sees it, with nothing but Gio._promisify.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Json from 'gi://Json';
import Qmp from 'gi://Qmp?version=1.0';

import {closed, equal, fails, runAll, test} from './harness.js';

Gio._promisify(Qmp.Connection, 'open_async', 'open_finish');
Gio._promisify(Qmp.Connection, 'open_stream_async', 'open_stream_finish');
for (const name of ['execute', 'execute_json', 'execute_request', 'load_schema', 'quit', 'close'])
    Gio._promisify(Qmp.Connection.prototype, `${name}_async`, `${name}_finish`);
Gio._promisify(Qmp.EventStream.prototype, 'next_async', 'next_finish');
Gio._promisify(Qmp.Listener.prototype, 'accept_async', 'accept_finish');

test('open', async (connection) => {
    equal(connection.state, Qmp.ConnectionState.OPEN);
    equal(connection.get_state(), Qmp.ConnectionState.OPEN);
    equal(connection.version.is_at_least(7, 0, 0), true);
    equal(connection.version.major, connection.get_version().get_major());
    equal(connection.capabilities.includes('oob'), true);
    equal(connection.out_of_band, true);
    equal(connection.limits.message_size, 10 * 1024 * 1024);
});

test('text', async (connection) => {
    const status = JSON.parse(await connection.execute_json_async('query-status', null, null));
    equal(status.status, 'running');
    equal(status.running, true);
    const types = JSON.parse(await connection.execute_json_async('qom-list-types',
        JSON.stringify({implements: 'machine', abstract: false}), null));
    equal(types.some(type => type.name === 'none-machine'), true);
    equal(JSON.parse(connection.execute_json('query-status', null, null)).status, 'running');
});

test('tree', async (connection) => {
    const node = await connection.execute_async('query-status', null, null);
    equal(node.get_object().get_string_member('status'), 'running');
    const argument = Json.from_string('{"implements": "machine"}');
    const types = await connection.execute_async('qom-list-types', argument, null);
    equal(types.get_array().get_length() > 0, true);
    equal(connection.execute('query-status', null, null).get_object().get_boolean_member('running'), true);
});

test('request', async (connection) => {
    const request = new Qmp.Request({command: 'query-status', timeout: 5000});
    const value = await connection.execute_request_async(request, null);
    equal(value.get_kind(), Qmp.ValueKind.OBJECT);
    equal(value.dup_member_string('status'), 'running');
    equal(value.get_member('running').get_boolean()[1], true);
    equal(value.has_member('nonsense'), false);
    equal(value.get_member('nonsense'), null);
    equal(value.dup_member_names().includes('status'), true);

    const overtaking = Qmp.Request.new('query-yank');
    overtaking.out_of_band = true;
    equal(JSON.parse((await connection.execute_request_async(overtaking, null)).to_json())[0].type, 'chardev');
});

test('several at a time', async (connection) => {
    const commands = ['query-status', 'query-version', 'query-name', 'query-chardev'];
    const replies = await Promise.all(commands.map(command => connection.execute_json_async(command, null, null)));
    equal('running' in JSON.parse(replies[0]), true);
    equal('qemu' in JSON.parse(replies[1]), true);
    equal(Array.isArray(JSON.parse(replies[3])), true);
});

// GJS rounds 64-bit numbers; the text has all of them.
test('wide number', async (connection) => {
    const place = JSON.stringify({path: '/machine/unattached/system[0]', property: 'size'});
    equal(BigInt(await connection.execute_json_async('qom-get', place, null)), 2n ** 64n - 1n);
});

test('signal', async (connection) => {
    const names = [];
    connection.connect('event', (_, event) => names.push(event.get_name()));
    const stopped = new Promise(resolve => connection.connect('event::STOP', (_, event) => resolve(event)));
    await connection.execute_json_async('stop', null, null);
    await connection.execute_json_async('cont', null, null);
    const event = await stopped;
    equal(event.get_name(), 'STOP');
    equal(Math.abs(event.get_timestamp() / 1e6 - Date.now() / 1e3) < 3600, true);
    equal(event.get_data(), null);
    equal(names.join(), 'STOP,RESUME');
});

test('event stream', async (connection) => {
    const stream = connection.watch_events(['STOP', 'SHUTDOWN'], 16);
    await connection.execute_json_async('stop', null, null);
    await connection.execute_json_async('cont', null, null);
    equal((await stream.next_async(null)).get_name(), 'STOP');
    const next = stream.next_async(null);
    await connection.quit_async(null);
    const event = await next;
    equal(event.get_name(), 'SHUTDOWN');
    equal(JSON.parse(event.get_data_json()).reason, 'host-qmp-quit');
    equal(await stream.next_async(null), null);
    equal(stream.get_dropped(), 0);
});

test('every event', async (connection) => {
    const stream = connection.watch_events(null, 16);
    await connection.execute_json_async('stop', null, null);
    equal(stream.try_next().get_name(), 'STOP');
    equal(stream.try_next(), null);
});

test('error', async (connection) => {
    let error = await fails(connection.execute_json_async('query-nonsense', null, null),
        Qmp.Error, Qmp.Error.COMMAND_NOT_FOUND);
    equal(error.message.includes('query-nonsense'), true);
    equal(Qmp.error_get_class_name(error), 'CommandNotFound');
    equal(Qmp.error_get_command(error), 'query-nonsense');
    error = await fails(connection.execute_async('device_del', Json.from_string('{"id": "nobody"}'), null),
        Qmp.Error, Qmp.Error.DEVICE_NOT_FOUND);
    equal(Qmp.error_get_class_name(error), 'DeviceNotFound');
    await fails(connection.execute_json_async('object-del', '{"id": "nobody"}', null),
        Qmp.Error, Qmp.Error.GENERIC);
    await fails(connection.execute_json_async('query-status', '{nonsense', null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.INVALID_ARGUMENT);
    try {
        connection.execute_json('query-nonsense', null, null);
        throw new Error('expected a failure');
    } catch (e) {
        equal(e.matches(Qmp.Error, Qmp.Error.COMMAND_NOT_FOUND), true);
    }
    equal(Qmp.error_get_class_name(new GLib.Error(Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED, 'x')), null);
});

test('opening fails', async (connection, emulator) => {
    const options = new Qmp.OpenOptions({timeout: 5000, retry: false});
    await fails(Qmp.Connection.open_async(`${emulator.folder}/nothing`, options, null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND);
    await fails(Qmp.Connection.open_async('nonsense', null, null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.INVALID_ARGUMENT);
});

test('cancel', async (connection) => {
    const cancellable = new Gio.Cancellable();
    const promise = connection.execute_json_async('query-status', null, cancellable);
    cancellable.cancel();
    await fails(promise, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    equal(JSON.parse(await connection.execute_json_async('query-status', null, null)).status, 'running');
});

test('time is up', async (connection) => {
    const stream = connection.watch_events(['STOP'], 4);
    stream.timeout = 50;
    await fails(stream.next_async(null), Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT);
    await connection.execute_json_async('stop', null, null);
    equal((await stream.next_async(null)).get_name(), 'STOP');
});

test('orderly end', async (connection) => {
    const end = closed(connection);
    equal(await connection.quit_async(null), true);
    equal(await end, null);
    equal(connection.state, Qmp.ConnectionState.CLOSED);
    await fails(connection.execute_json_async('query-status', null, null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
});

test('close', async (connection, emulator) => {
    const end = closed(connection);
    equal(await connection.close_async(null), true);
    equal(await end, null);
    const next = await Qmp.Connection.open_async(emulator.address, null, null);
    equal(JSON.parse(await next.execute_json_async('query-status', null, null)).status, 'running');
});

test('sudden end', async (connection, emulator) => {
    const end = closed(connection);
    const next = connection.watch_events(null, 4).next_async(null);
    emulator.process.force_exit();
    await fails(next, Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
    const error = await end;
    equal(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED), true);
    equal(error instanceof GLib.Error, true);
    await fails(connection.execute_json_async('query-status', null, null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
});

test('options', async (connection, emulator) => {
    await connection.close_async(null);
    const limits = new Qmp.Limits({messageSize: 65536, pendingCalls: 5});
    const options = new Qmp.OpenOptions({limits, outOfBand: false, defaultTimeout: 1234});
    const next = await Qmp.Connection.open_async(emulator.address, options, null);
    equal(next.out_of_band, false);
    equal(next.default_timeout, 1234);
    equal(next.limits.message_size, 65536);
    equal(next.limits.pending_calls, 5);
    await fails(next.execute_json_async('query-qmp-schema', null, null), Qmp.Error, Qmp.Error.TOO_LARGE);
});

test('blocking', async (connection, emulator) => {
    connection.close(null);
    const next = Qmp.Connection.open(emulator.address, null, null);
    equal(JSON.parse(next.execute_json('query-status', null, null)).status, 'running');
    const stream = next.watch_events(['STOP'], 4);
    next.execute_json('stop', null, null);
    equal(stream.next(null).get_name(), 'STOP');
    equal(next.quit(null), true);
    equal(stream.next(null), null);
});

test('schema', async (connection) => {
    const schema = await connection.load_schema_async(null, null);
    equal(connection.load_schema(null, null) === schema, true);
    equal(schema.has_command('blockdev-add'), true);
    equal(schema.dup_command_names().includes('query-status'), true);
    equal(schema.dup_event_names().includes('STOP'), true);
    equal(schema.has_argument_value('blockdev-add', 'file.driver', 'null-co'), true);
    equal(schema.check_arguments_json('query-status', null), true);
    const disk = JSON.stringify({driver: 'raw', file: {drver: 'null-co'}});
    const error = await fails((async () => schema.check_arguments_json('blockdev-add', disk))(),
        Gio.IOErrorEnum, Gio.IOErrorEnum.INVALID_ARGUMENT);
    equal(error.message, 'blockdev-add: file.drver: no such member; did you mean driver?');

    const type = schema.get_arguments_type('blockdev-add');
    equal(type.get_kind(), Qmp.SchemaKind.OBJECT);
    equal(type.get_tag_name(), 'driver');
    equal(type.get_members().map(member => member.get_name()).includes('node-name'), true);
    equal(type.get_member('driver').is_optional(), false);
    equal(type.get_member('driver').get_value_type().dup_values().includes('qcow2'), true);
    const reference = type.get_branch('qcow2').get_member('file').get_value_type();
    equal(reference.get_alternatives().some(choice => choice.get_json_type() === Qmp.SchemaJsonType.STRING), true);
});

test('listener', async (connection, emulator) => {
    const listener = Qmp.Listener.new(`${emulator.folder}/listener`);
    equal(listener.get_address().endsWith('/listener'), true);
    const cancellable = new Gio.Cancellable();
    const promise = listener.accept_async(null, cancellable);
    cancellable.cancel();
    await fails(promise, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    listener.close();
});

test('socket pair', async () => {
    const [stream, fd] = Qmp.Connection.create_socket_pair();
    equal(fd > 2, true);
    equal(stream instanceof Gio.IOStream, true);
    await fails(Qmp.Connection.open_stream_async(stream, new Qmp.OpenOptions({timeout: 50}), null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT);
});

await runAll('START_QEMU', address => Qmp.Connection.open_async(address, null, null));
