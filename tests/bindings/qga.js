// SPDX-License-Identifier: LGPL-2.1-or-later
//
// qga-glib as JavaScript sees it, with nothing but Gio._promisify.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Json from 'gi://Json';
import Qga from 'gi://Qga?version=1.0';

import {closed, equal, fails, runAll, test} from './harness.js';

for (const name of ['open', 'open_stream'])
    Gio._promisify(Qga.Connection, `${name}_async`, `${name}_finish`);
for (const name of ['execute', 'execute_json', 'execute_request', 'execute_unanswered', 'shutdown', 'close',
    'copy_from_guest', 'copy_to_guest'])
    Gio._promisify(Qga.Connection.prototype, `${name}_async`, `${name}_finish`);
Gio._promisify(Qga.Process, 'spawn_async', 'spawn_finish');
for (const name of ['wait', 'wait_check', 'communicate', 'communicate_utf8'])
    Gio._promisify(Qga.Process.prototype, `${name}_async`, `${name}_finish`);
Gio._promisify(Qga.File, 'open_async', 'open_finish');
Gio._promisify(Qga.File.prototype, 'seek_async', 'seek_finish');
Gio._promisify(Qga.FreezeGuard, 'freeze_async', 'freeze_finish');
Gio._promisify(Qga.FreezeGuard, 'query_async', 'query_finish');
Gio._promisify(Gio.InputStream.prototype, 'read_bytes_async', 'read_bytes_finish');
Gio._promisify(Gio.OutputStream.prototype, 'write_bytes_async', 'write_bytes_finish');
Gio._promisify(Gio.OutputStream.prototype, 'flush_async', 'flush_finish');
Gio._promisify(Gio.DataInputStream.prototype, 'read_line_async', 'read_line_finish_utf8');
Gio._promisify(Gio.IOStream.prototype, 'close_async', 'close_finish');

const DEFAULT = GLib.PRIORITY_DEFAULT;

function text(bytes) {
    return new TextDecoder().decode(bytes.toArray());
}

function notified(object, property) {
    return new Promise(resolve => {
        const id = object.connect(`notify::${property}`, () => {
            object.disconnect(id);
            resolve(object[property]);
        });
    });
}

test('open', async (agent) => {
    equal(agent.state, Qga.ConnectionState.OPEN);
    equal(agent.responsive, true);
    equal(agent.agent_present, true);
    equal(agent.generation, 1);
    equal(agent.limits.message_size, new Qga.Limits().message_size);
    equal(/^\d+\.\d+/.test(agent.dup_agent_version()), true);
    equal(agent.dup_commands().includes('guest-ping'), true);
    equal(agent.has_command('guest-shutdown'), true);
    equal(agent.has_command('guest-nonsense'), false);
    equal(agent.is_command_enabled('guest-ping'), true);
    equal(agent.is_command_enabled('guest-shutdown'), false);
});

test('text', async (agent) => {
    equal(await agent.execute_json_async('guest-ping', null, null), '{}');
    const system = JSON.parse(await agent.execute_json_async('guest-get-osinfo', null, null));
    equal(typeof system['kernel-release'], 'string');
    equal(JSON.parse(agent.execute_json('guest-get-osinfo', null, null)).id, system.id);
});

test('tree', async (agent) => {
    const id = Json.from_string('{"id": 42}');
    equal((await agent.execute_async('guest-sync', id, null)).get_int(), 42);
    equal(agent.execute('guest-get-host-name', null, null).get_object().has_member('host-name'), true);
});

test('request', async (agent) => {
    const request = new Qga.Request({command: 'guest-sync', timeout: 5000, replySize: 4096});
    request.set_arguments_json(JSON.stringify({id: 7}));
    equal(await agent.execute_request_async(request, null), '7');
    equal(agent.execute_request(request, null), '7');
    const acceptance = await agent.execute_unanswered_async(Qga.Request.new('guest-ping'), null);
    equal(acceptance, Qga.Acceptance.REPLIED);
});

test('several at a time', async (agent) => {
    const ids = [1, 2, 3, 4, 5];
    const replies = await Promise.all(
        ids.map(id => agent.execute_json_async('guest-sync', JSON.stringify({id}), null)));
    equal(replies.join(), ids.join());
});

// GJS rounds 64-bit numbers; the text has all of them.
test('wide number', async (agent) => {
    const widest = 2n ** 63n - 1n;
    equal(BigInt(await agent.execute_json_async('guest-sync', `{"id": ${widest}}`, null)), widest);
    const nanoseconds = BigInt(await agent.execute_json_async('guest-get-time', null, null));
    equal(Math.abs(Number(nanoseconds / 1000000n) - Date.now()) < 3600000, true);
});

test('process', async (agent) => {
    const process = await Qga.Process.spawn_async(agent, ['sh', '-c', 'echo out; echo err >&2; exit 3'], null, null);
    const [output, errorOutput] = await process.communicate_utf8_async(null);
    equal(output, 'out\n');
    equal(errorOutput, 'err\n');
    equal(process.get_ended(), true);
    equal(process.get_successful(), false);
    equal(process.get_exit_status(), 3);
    equal(process.get_term_signal(), 0);
    equal(process.get_output_truncated(), false);
    equal(process.get_argv()[0], 'sh');
    await fails(process.wait_check_async(null), GLib.spawn_exit_error_quark(), 3);
    const [bytes] = await process.communicate_async(null);
    equal(text(bytes), 'out\n');
    equal(process.communicate_utf8(null).join('|'), 'true|out\n|err\n');
});

test('process with input', async (agent) => {
    const options = new Qga.ProcessOptions({
        input: new GLib.Bytes(new TextEncoder().encode('Grüße\n')),
        environment: ['PATH=/usr/bin:/bin', 'WHO=world'],
    });
    const process = await Qga.Process.spawn_async(agent, ['sh', '-c', 'cat; echo $WHO >&2'], options, null);
    const [output, errorOutput] = await process.communicate_utf8_async(null);
    equal(output, 'Grüße\n');
    equal(errorOutput, 'world\n');
    equal(await process.wait_check_async(null), true);
    equal(process.get_successful(), true);
    options.set_input(new TextEncoder().encode('more'));
    options.set_capture(Qga.Capture.NONE);
    const silent = await Qga.Process.spawn_async(agent, ['cat'], options, null);
    equal((await silent.communicate_utf8_async(null)).join('|'), '|');
});

test('process that is killed', async (agent) => {
    const process = await Qga.Process.spawn_async(agent, ['sleep', '1000'], null, null);
    const end = process.wait_async(null);
    equal(process.get_ended(), false);
    await Qga.Process.spawn_async(agent, ['kill', '-9', `${process.get_pid()}`], null, null);
    equal(await end, true);
    equal(process.get_term_signal(), 9);
    equal(process.get_exit_status(), -1);
});

test('error', async (agent) => {
    let error = await fails(agent.execute_json_async('guest-nonsense', null, null),
        Qga.Error, Qga.Error.COMMAND_NOT_FOUND);
    equal(error.message.includes('guest-nonsense'), true);
    equal(Qga.Error.get_class_name(error), 'CommandNotFound');
    equal(Qga.Error.get_command(error), 'guest-nonsense');
    await fails(agent.shutdown_async(Qga.ShutdownMode.HALT, null), Qga.Error, Qga.Error.COMMAND_DISABLED);
    await fails(Qga.FreezeGuard.freeze_async(agent, null, null), Qga.Error, Qga.Error.COMMAND_DISABLED);
    await fails(Qga.Process.spawn_async(agent, ['/nothing'], null, null), Qga.Error, Qga.Error.GENERIC);
    await fails(Qga.File.open_async(agent, '/nothing', Qga.FileMode.READ, null), Qga.Error, Qga.Error.GENERIC);
    await fails(agent.execute_json_async('guest-ping', '{nonsense', null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.INVALID_ARGUMENT);
    try {
        agent.execute_json('guest-nonsense', null, null);
        throw new Error('expected a failure');
    } catch (e) {
        equal(e.matches(Qga.Error, Qga.Error.COMMAND_NOT_FOUND), true);
    }
    error = await fails(Qga.Connection.open_async('nonsense', null, null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.INVALID_ARGUMENT);
    equal(Qga.Error.get_class_name(error), null);
});

test('file', async (agent, peer) => {
    const path = `${peer.folder}/file`;
    const file = await Qga.File.open_async(agent, path, Qga.FileMode.WRITE_READ, null);
    equal(file.path, path);
    equal(file.mode, Qga.FileMode.WRITE_READ);
    equal(file.get_connection(), agent);
    const output = file.get_output_stream();
    equal(await output.write_bytes_async(new GLib.Bytes(new TextEncoder().encode('one\ntwo\n')), DEFAULT, null), 8);
    await output.flush_async(DEFAULT, null);
    equal(file.tell(), 8);
    await file.seek_async(4, GLib.SeekType.SET, null);
    equal(text(await file.get_input_stream().read_bytes_async(100, DEFAULT, null)), 'two\n');
    equal((await file.get_input_stream().read_bytes_async(100, DEFAULT, null)).get_size(), 0);
    equal(file.seek(-8, GLib.SeekType.END, null), true);
    equal(text(file.get_input_stream().read_bytes(3, null)), 'one');
    equal(file.can_truncate(), false);
    equal(await file.close_async(DEFAULT, null), true);
    equal(text(new GLib.Bytes(GLib.file_get_contents(path)[1])), 'one\ntwo\n');
    await fails(file.seek_async(0, GLib.SeekType.SET, null), Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
});

test('file by lines', async (agent, peer) => {
    GLib.file_set_contents(`${peer.folder}/file`, 'first\nsecond\nthird');
    const file = await Qga.File.open_async(agent, `${peer.folder}/file`, Qga.FileMode.READ, null);
    const lines = new Gio.DataInputStream({baseStream: file.get_input_stream()});
    const found = [];
    for (let [line] = await lines.read_line_async(DEFAULT, null); line !== null;
        [line] = await lines.read_line_async(DEFAULT, null))
        found.push(line);
    equal(found.join(), 'first,second,third');
    await fails(file.get_output_stream().write_bytes_async(new GLib.Bytes([65]), DEFAULT, null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_SUPPORTED);
});

test('copy', async (agent, peer) => {
    const [source, copy] = ['source', 'copy'].map(name => Gio.File.new_for_path(`${peer.folder}/${name}`));
    const path = `${peer.folder}/guest`;
    const told = [];
    const tell = (current, total) => told.push(`${current} of ${total}`);
    GLib.file_set_contents(source.get_path(), 'x'.repeat(200000));
    equal(await agent.copy_to_guest_async(source, path, Gio.FileCopyFlags.NONE, tell, null), true);
    equal(told.pop(), '200000 of 200000');
    equal(await agent.copy_from_guest_async(path, copy, Gio.FileCopyFlags.NONE, Number.MAX_SAFE_INTEGER, tell, null),
        true);
    equal(told.pop(), '200000 of 200000');
    equal(copy.load_bytes(null)[0].equal(source.load_bytes(null)[0]), true);
    await fails(agent.copy_from_guest_async(path, copy, Gio.FileCopyFlags.NONE, 1000000, null, null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.EXISTS);
    await fails(agent.copy_from_guest_async(path, copy, Gio.FileCopyFlags.OVERWRITE, 199999, null, null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.NO_SPACE);
    equal(agent.copy_from_guest(path, copy, Gio.FileCopyFlags.OVERWRITE, 200000, tell, null), true);
    equal(agent.copy_to_guest(source, path, Gio.FileCopyFlags.OVERWRITE, null, null), true);
});

test('freeze', async (agent, peer) => {
    equal(await Qga.FreezeGuard.query_async(agent, null), Qga.FreezeStatus.THAWED);
    await agent.close_async(null);
    await peer.stop();

    // the mark that an agent leaves when it freezes
    GLib.file_set_contents(`${peer.folder}/qga.state.isfrozen`, '');
    peer.start();
    const next = await Qga.Connection.open_async(peer.address, null, null);
    equal(await Qga.FreezeGuard.query_async(next, null), Qga.FreezeStatus.FROZEN);
    await fails(next.execute_json_async('guest-get-osinfo', null, null), Qga.Error, Qga.Error.FROZEN);
});

test('an agent that falls silent', async (agent, peer) => {
    const silent = notified(agent, 'responsive');
    peer.process.send_signal(19);
    const request = new Qga.Request({command: 'guest-ping', timeout: 50});
    // the signal takes its time
    const ping = async () => {
        for (;;)
            await agent.execute_request_async(request, null);
    };
    await fails(ping(), Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT);
    equal(await silent, false);
    const back = notified(agent, 'responsive');
    peer.process.send_signal(18);
    equal(await agent.execute_json_async('guest-ping', null, null), '{}');
    equal(await back, true);
    equal(agent.generation, 1);
});

// whatever has the signal can tell of the agent's port
const Monitor = GObject.registerClass({
    Signals: {event: {flags: GObject.SignalFlags.DETAILED, param_types: [GObject.TYPE_STRING]}},
}, class Monitor extends GObject.Object {});

test('a monitor', async (agent) => {
    const monitor = new Monitor();
    const tell = open => monitor.emit('event::VSERPORT_CHANGE', JSON.stringify({data: {id: 'port', open}}));
    agent.watch_monitor(monitor, 'port');
    const gone = notified(agent, 'agent-present');
    tell(false);
    await gone;
    equal(agent.responsive, false);
    const following = notified(agent, 'responsive');
    tell(true);
    await following;
    equal(agent.agent_present, true);
    equal(agent.generation, 2);
    agent.watch_monitor(null, null);
});

test('cancel', async (agent) => {
    const cancellable = new Gio.Cancellable();
    const promise = agent.execute_json_async('guest-ping', null, cancellable);
    cancellable.cancel();
    await fails(promise, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    equal(await agent.execute_json_async('guest-ping', null, null), '{}');
});

test('close', async (agent, peer) => {
    const end = closed(agent);
    equal(await agent.close_async(null), true);
    equal(await end, null);
    equal(agent.state, Qga.ConnectionState.CLOSED);
    await fails(agent.execute_json_async('guest-ping', null, null), Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
    const next = await Qga.Connection.open_async(peer.address, null, null);
    equal(await next.execute_json_async('guest-ping', null, null), '{}');
});

test('sudden end', async (agent, peer) => {
    const end = closed(agent);
    peer.process.force_exit();
    equal((await end).matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED), true);
    await fails(agent.execute_json_async('guest-ping', null, null), Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
});

test('options', async (agent, peer) => {
    await agent.close_async(null);
    const options = new Qga.OpenOptions({limits: new Qga.Limits({pendingCalls: 1}), defaultTimeout: 1234, grace: 100});
    const next = await Qga.Connection.open_async(peer.address, options, null);
    equal(next.default_timeout, 1234);
    equal(next.limits.pending_calls, 1);
    const first = next.execute_json_async('guest-ping', null, null);
    await fails(next.execute_json_async('guest-ping', null, null), Gio.IOErrorEnum, Gio.IOErrorEnum.BUSY);
    equal(await first, '{}');
    const hasty = new Qga.OpenOptions({timeout: 5000, retry: false});
    await fails(Qga.Connection.open_async(`${peer.folder}/nothing`, hasty, null),
        Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND);
});

test('blocking', async (agent, peer) => {
    agent.close(null);
    const next = Qga.Connection.open(peer.address, null, null);
    const process = Qga.Process.spawn(next, ['echo', 'hello'], null, null);
    equal(process.communicate_utf8(null)[1], 'hello\n');
    equal(process.wait_check(null), true);
    const file = Qga.File.open(next, `${peer.folder}/file`, Qga.FileMode.WRITE, null);
    equal(file.get_output_stream().write_all(new TextEncoder().encode('text'), null)[1], 4);
    equal(file.close(null), true);
    equal(Qga.FreezeGuard.query(next, null), Qga.FreezeStatus.THAWED);
});

await runAll('START_AGENT', address => Qga.Connection.open_async(address, null, null));
