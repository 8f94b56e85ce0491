// SPDX-License-Identifier: LGPL-2.1-or-later
//
// qmp-glib as JavaScript sees it with its overrides.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import system from 'system';

const started = GLib.get_monotonic_time();
const {default: Qmp} = await import('gi://Qmp?version=1.0');
void Qmp.Connection;
const loaded = GLib.get_monotonic_time();

import {closed, equal, fails, runAll, test} from './harness.js';

const WIDE = {path: '/machine/unattached/system[0]', property: 'size'};

async function refused(promise, part) {
    try {
        await promise;
    } catch (error) {
        if (!(error instanceof TypeError) || !error.message.includes(part))
            throw error;
        return;
    }
    throw new Error('expected a failure');
}

test('every call gives a promise', async (qemu) => {
    equal((await qemu.query_status_async()).running, true);
    equal((await qemu.query_status_async(null)).running, true);
    equal(await qemu.execute_json_async('query-jobs'), '[]');
    equal(Array.isArray(await qemu.query_block_async()), true);
    equal(await qemu.stop_async(), true);
    const schema = await qemu.load_schema_async();
    equal(schema.has_command('query-status'), true);
});

test('callbacks still work', async (qemu) => {
    const status = await new Promise((resolve, reject) => {
        const nothing = qemu.query_status_async(null, (source, result) => {
            try {
                resolve(source.query_status_finish(result));
            } catch (error) {
                reject(error);
            }
        });
        equal(nothing, undefined);
    });
    equal(status.get_status_text(), 'running');
    equal(qemu.query_version_async(null, null), undefined);
    Gio._promisify(Qmp.Connection.prototype, 'query_name_async', 'query_name_finish');
    equal((await qemu.query_name_async(null)).name, null);
});

test('too few arguments', async (qemu) => {
    let refusal = null;
    await qemu.execute_json_async().catch(error => (refusal = error));
    equal(/arguments/.test(refusal.message), true);
});

test('native values', async (qemu) => {
    equal((await qemu.call('query-status')).status, 'running');
    const types = await qemu.call('qom-list-types', {implements: 'machine', abstract: false});
    equal(types.some(type => type.name === 'none-machine'), true);
    equal(Object.keys(await qemu.call('stop')).length, 0);
});

test('integers are exact', async (qemu) => {
    equal(await qemu.call('qom-get', WIDE), 2n ** 64n - 1n);
    await qemu.call('object-add', {'qom-type': 'memory-backend-ram', id: 'm', size: 1048576});
    const place = {path: '/objects/m', property: 'size'};
    equal(await qemu.call('qom-get', place), 1048576);
    equal(await qemu.call('qom-get', {...WIDE, property: 'addr'}), 0);

    const limits = {path: '/objects/t', property: 'limits'};
    await qemu.call('object-add', {'qom-type': 'throttle-group', id: 't',
        limits: {'bps-total': 999999999999999n}});
    equal((await qemu.call('qom-get', limits))['bps-total'], 999999999999999);
    for (const value of [2n ** 53n + 1n, 2n ** 63n - 1n]) {
        await qemu.call('qom-set', {path: '/objects/t', property: 'x-iops-size', value: 1}).catch(() => {});
        await fails(qemu.call('qom-set', {...limits, value: {'bps-total': value}}), Qmp.Error, Qmp.Error.GENERIC);
    }
});

test('what goes in and out is the same', async () => {
    const {parse, stringify} = imports.overrides.qmpGlib.json;
    for (const value of [2n ** 53n + 1n, 2n ** 64n - 1n, -(2n ** 63n), -(2n ** 53n) - 1n]) {
        equal(stringify({value}), `{"value":${value}}`);
        equal(parse(`{"value":${value}}`).value, value);
        equal(parse(` [ ${value}, "${value}", {"${value}":${value}}]`).map(String).join(), `${value},${value},[object Object]`);
        equal(parse(`"\\"${value}, ${value}"`), `"${value}, ${value}`);
    }
    equal(parse('9007199254740991'), Number.MAX_SAFE_INTEGER);
    equal(parse('9007199254740992'), 9007199254740992n);
    equal(parse('12345678901234567890.5'), 12345678901234567890.5);
    equal(parse('1.2345678901234567890e3'), 1234.567890123456789);
    equal(parse('[1234567890123456789012]')[0], 1234567890123456789012n);
    equal(stringify({a: undefined, b: [1.5, true, null, 'x"y']}), '{"b":[1.5,true,null,"x\\"y"]}');
    equal(stringify([10n, 'integer 10:10']), '[10,"integer 10:10"]');
    equal(stringify({file: new Qmp.BlockdevRef({reference: 'a'})}), '{"file":"a"}');
    equal(parse('{"__proto__": 12345678901234567890}').__proto__, 12345678901234567890n);
    for (const value of [NaN, Infinity]) {
        let refusal = null;
        try {
            stringify({deep: [value]});
        } catch (error) {
            refusal = error;
        }
        equal(refusal instanceof TypeError, true);
    }
    const long = `${'x\\n'.repeat(4 * 1024 * 1024)}9007199254740993`;
    equal(parse(`["${long}", 9007199254740993]`)[1], 9007199254740993n);
    // GJS drops callbacks while it collects so much step by step
    system.gc();
});

test('options of a call', async (qemu) => {
    equal((await qemu.call('query-yank', null, {outOfBand: true})).length, 1);
    equal((await qemu.call('query-status', {}, {timeout: 5000, sensitive: true})).running, true);
    const cancellable = new Gio.Cancellable();
    const promise = qemu.call('query-status', null, {cancellable});
    cancellable.cancel();
    await fails(promise, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    await refused(qemu.call('query-status', null, {timeOut: 5000}), 'timeOut');
    const file = Gio.File.new_for_path('/dev/null').read(null);
    equal((await qemu.call('add-fd', {}, {fd: file.get_fd()}))['fdset-id'], 0);
});

test('events', async (qemu) => {
    const events = qemu.events('STOP', 'SHUTDOWN');
    await qemu.stop_async();
    await qemu.cont_async();
    await qemu.quit_async();
    const told = [];
    for await (const event of events)
        told.push([event.name, event.data]);
    equal(JSON.stringify(told), '[["STOP",{}],["SHUTDOWN",{"guest":false,"reason":"host-qmp-quit"}]]');
    equal((await events.next()).done, true);
});

test('those that wait already', async (qemu) => {
    const events = qemu.events('STOP', 'RESUME');
    equal(events.take().length, 0);
    for (let i = 0; i < 3; i++) {
        await qemu.stop_async();
        await qemu.cont_async();
    }
    equal(events.take(2).map(event => event.name).join(), 'STOP,RESUME');
    equal((await events.next()).value.name, 'STOP');
    equal(events.take().map(event => event.name).join(), 'RESUME,STOP,RESUME');
    await events.return();
    equal(events.take().length, 0);
});

test('breaking out ends the watch', async (qemu) => {
    const events = qemu.events({capacity: 1});
    await qemu.stop_async();
    await qemu.cont_async();
    for await (const event of events) {
        equal(event.name, 'RESUME');
        equal(Math.abs(event.timestamp / 1e6 - Date.now() / 1e3) < 3600, true);
        break;
    }
    equal(events.dropped, 1);
    await qemu.stop_async();
    equal(events.dropped, 1);
    equal((await events.next()).done, true);

    const waiting = qemu.events('STOP');
    const next = waiting.next();
    equal((await waiting.return('x')).value, 'x');
    equal((await next).done, true);
    await refused((async () => qemu.events({capasity: 1}))(), 'capasity');
});

test('events that are cancelled or late', async (qemu) => {
    const cancellable = new Gio.Cancellable();
    const events = qemu.events('STOP', {cancellable});
    const next = events.next();
    cancellable.cancel();
    await fails(next, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
    equal((await events.next()).done, true);
    await fails(qemu.events('STOP', {timeout: 20}).next(), Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT);
});

test('events until a sudden end', async (qemu, emulator) => {
    const events = qemu.events();
    emulator.process.force_exit();
    await fails((async () => {
        for await (const event of events)
            throw new Error(`did not expect ${event.name}`);
    })(), Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED);
});

test('events one after the other', async (qemu) => {
    const events = qemu.events('STOP', 'RESUME');
    const both = Promise.all([events.next(), events.next()]);
    await qemu.stop_async();
    await qemu.cont_async();
    equal((await both).map(({value}) => value.name).join(), 'STOP,RESUME');
    await events.return();
});

test('errors tell what they are', async (qemu) => {
    const error = await fails(qemu.call('make-coffee', {milk: true}), Qmp.Error, Qmp.Error.COMMAND_NOT_FOUND);
    equal(error.className, 'CommandNotFound');
    equal(error.command, 'make-coffee');
    equal(error.description, 'The command make-coffee has not been found');
    equal(error instanceof Qmp.Error, true);
    equal(error.stack.includes('comfort.js'), true);
    const other = await fails(qemu.device_del_async('nobody'), Qmp.Error, Qmp.Error.DEVICE_NOT_FOUND);
    equal(other.className, 'DeviceNotFound');
    equal(other.stack.includes('comfort.js'), true);
});

test('plain objects', async (qemu, emulator) => {
    await qemu.blockdev_add_async({driver: 'null-co', 'node-name': 'a', size: 2 ** 40, 'read-zeroes': true});
    await qemu.blockdev_add_async({driver: 'raw', 'node-name': 'b', file: {driver: 'null-co', size: 4096n}});
    await qemu.blockdev_add_async({driver: 'raw', 'node-name': 'c',
        file: Qmp.BlockdevRef.new_for_definition(new Qmp.BlockdevOptionsNullCoBranch({size: 512}))});
    equal(qemu.blockdev_add({driver: 'null-co', 'node-name': 'd'}, null), true);
    const nodes = await qemu.query_named_block_nodes_async({flat: true});
    equal(nodes.map(node => node.node_name).filter(name => name.length === 1).sort().join(), 'a,b,c,d');
    await qemu.blockdev_reopen_async([{driver: 'raw', 'node-name': 'b', 'read-only': true, file: nodes.find(
        ({node_name: name}) => name.startsWith('#')).node_name}]).catch(error => equal(error.className, 'GenericError'));
    await fails(qemu.blockdev_add_async({driver: 'raw', nodeName: 'e', file: 'a'}), Qmp.Error, Qmp.Error.GENERIC);

    await qemu.close_async();
    const next = await Qmp.Connection.open_async(emulator.address,
        {timeout: 5000, outOfBand: false, limits: {pendingCalls: 7}});
    equal(next.out_of_band, false);
    equal(next.limits.pending_calls, 7);
});

test('typed integers are exact', async (qemu) => {
    await qemu.call('blockdev-add', {driver: 'null-co', 'node-name': 'a', size: 2n ** 60n + 2n ** 9n});
    const [node] = await qemu.query_named_block_nodes_async();
    equal(node.image.virtual_size, 2n ** 60n + 2n ** 9n);
    equal(node.image.get_virtual_size(), 2n ** 60n + 2n ** 9n);
    equal(node.image.virtualSize, node.image['virtual-size']);
    equal(node.iops, 0);
    const [same] = qemu.query_named_block_nodes(null, null);
    equal(same.image.virtual_size, 2n ** 60n + 2n ** 9n);

    await qemu.migrate_set_parameters_async({'max-bandwidth': 4096});
    equal((await qemu.query_migrate_parameters_async()).max_bandwidth, 4096);

    const created = new Qmp.BlockdevCreateOptionsQcow2Branch({size: 2n ** 53n + 1n});
    equal(created.size, 2n ** 53n + 1n);
    created.size = 2n ** 63n + 5n;
    equal(created.get_size(), 2n ** 63n + 5n);
    equal(created.to_json(), '{"driver":"qcow2","size":9223372036854775813}');
    equal(created.cluster_size, 0);
    equal(Qmp.ImageInfo.new_from_json('{"actual-size":-9223372036854775808}').actual_size, -(2n ** 63n));
    equal(Qmp.BlockLatencyHistogramInfo.new_from_json('{"bins":[1,18446744073709551615]}').get_bins()[1], 2n ** 64n - 1n);
    equal(Qmp.BlockdevCreateOptionsQcow2Branch.new_from_json('{"driver":"qcow2","size":9007199254740993}').size, 2n ** 53n + 1n);
});

test('typed events are exact', async (qemu) => {
    const events = qemu.events('JOB_STATUS_CHANGE', 'BLOCK_JOB_COMPLETED');
    for (const name of ['from', 'to'])
        await qemu.blockdev_add_async({driver: 'null-co', 'node-name': name, size: 2n ** 20n, 'read-zeroes': true});
    await qemu.blockdev_backup_async({'job-id': 'j', device: 'from', target: 'to', sync: 'none'});
    await qemu.call('block-job-cancel', {device: 'j', force: true});
    for await (const event of events) {
        equal(event.to_struct() instanceof Qmp.Struct, true);
        if (event.name === 'JOB_STATUS_CHANGE' && event.data.status === 'null')
            break;
    }
});

test('classes are still what they were', async (qemu) => {
    equal(qemu instanceof Qmp.Connection, true);
    equal(GObject.type_name(Qmp.Connection.$gtype), 'QmpConnection');
    equal(Qmp.RunState.RUNNING, (await qemu.query_status_async()).status);
    const Own = GObject.registerClass(class Own extends GObject.Object {});
    equal(new Own() instanceof GObject.Object, true);
    equal('Nonsense' in Qmp, false);
    equal(Qmp.Nonsense, undefined);
    equal(Object.keys(Qmp).includes('Machine'), true);
});

test('arguments that are left out', async (qemu, emulator) => {
    equal(qemu.query_status().running, true);
    equal(qemu.execute_json('query-jobs'), '[]');
    equal(qemu.blockdev_add({driver: 'null-co', 'node-name': 'e'}), true);
    equal(qemu.query_named_block_nodes().length, 1);
    const watch = qemu.watch_events();
    equal(watch.capacity, 256);
    qemu.stop();
    equal(watch.next().name, 'STOP');
    const failed = await fails(qemu.set_balloon_async(1), Qmp.Error, Qmp.Error.DEVICE_NOT_ACTIVE);
    equal(failed.command, 'balloon');
    equal(qemu.watch_events(['STOP'], undefined).capacity, 256);
    equal(qemu.watch_events(null, 3).capacity, 3);
    equal(Qmp.Version.new(8, 2, 0).is_at_least(8, 2), true);
    qemu.close();
    equal(Qmp.Connection.open(emulator.address).query_status().running, false);
    for (const tooFew of [() => qemu.execute_json(), () => qemu.device_del(), () => Qmp.Connection.open(),
        () => qemu.set_default_timeout(), () => Qmp.Version.new(8)]) {
        let refusal = null;
        try {
            tooFew();
        } catch (error) {
            refusal = error;
        }
        equal(/arguments? required/.test(refusal.message), true);
    }
});

test('using a connection', async (qemu, emulator) => {
    equal(await Qmp.using(qemu, async same => {
        equal(same, qemu);
        return (await same.query_status_async()).running;
    }), true);
    equal(qemu.state, Qmp.ConnectionState.CLOSED);

    const opened = [];
    await fails(Qmp.using(Qmp.Connection.open_async(emulator.address), async next => {
        opened.push(next);
        await next.call('make-coffee');
    }), Qmp.Error, Qmp.Error.COMMAND_NOT_FOUND);
    equal(opened[0].state, Qmp.ConnectionState.CLOSED);
    await fails(Qmp.using(Qmp.Connection.open_async('/nothing', {retry: false}), () => opened.push(null)),
        Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND);
    equal(opened.length, 1);
    await refused(Qmp.using({}, () => opened.push(null)), 'using');
    equal(opened.length, 1);
});

test('using events', async (qemu) => {
    const [name, events] = await Qmp.using(qemu.events('STOP'), async watch => {
        await qemu.stop_async();
        return [(await watch.next()).value.name, watch];
    });
    equal(name, 'STOP');
    equal((await events.next()).done, true);
});

function launch() {
    const launcher = Qmp.Launcher.new(GLib.getenv('QEMU') ?? 'qemu-system-x86_64');
    launcher.set_arguments(['-M', 'none', '-nodefaults', '-display', 'none']);
    return launcher.launch_async();
}

test('using a machine', async (qemu, emulator) => {
    const steps = [];
    const machines = [];
    const watched = machine => {
        machines.push(machine);
        machine.connect('shutdown-step', (_machine, step) => steps.push(step));
    };
    await refused(Qmp.using(launch(), machine => {
        watched(machine);
        throw new TypeError('of the body');
    }), 'of the body');
    equal(machines[0].alive, false);
    // nobody waits for the guest
    equal(steps.join(), String(Qmp.ShutdownStep.QUIT));
    await Qmp.using(launch(), async machine => {
        watched(machine);
        await machine.shut_down_async({powerDownTimeout: 0});
    });
    equal(machines[1].alive, false);

    await qemu.close_async();
    await Qmp.using(Qmp.Machine.attach_async(emulator.address), machine => equal(machine.running, true));
    const next = await Qmp.Connection.open_async(emulator.address);
    equal((await next.query_status_async()).running, true);
});

test('a machine', async (_qemu, emulator) => {
    const machine = await launch();
    equal(machine.running, true);
    await machine.pause_async();
    equal((await machine.connection.call('query-status')).running, false);
    const step = await machine.shut_down_async({powerDownTimeout: 10});
    equal(step, Qmp.ShutdownStep.QUIT);
    equal(emulator.process.get_if_exited === undefined, false);
});

test('a hundred at a time, again and again', async (qemu) => {
    for (let round = 0; round < 20; round++) {
        const replies = await Promise.all(Array.from({length: 100}, () => qemu.query_status_async()));
        equal(replies.every(reply => reply.running), true);
    }
    const end = closed(qemu);
    await qemu.quit_async();
    equal(await end, null);
});

function countFiles() {
    const folder = Gio.File.new_for_path('/proc/self/fd');
    return [...folder.enumerate_children('standard::name', Gio.FileQueryInfoFlags.NONE, null)].length;
}

test('no files are left', async (qemu, emulator) => {
    await qemu.close_async();
    const files = countFiles();
    for (let i = 0; i < 10; i++) {
        const next = await Qmp.Connection.open_async(emulator.address);
        const events = next.events('STOP');
        await next.stop_async();
        equal((await events.next()).value.name, 'STOP');
        await next.cont_async();
        await events.return();
        await next.close_async();
    }
    equal(countFiles(), files);
});

print(`# Qmp is loaded in ${(loaded - started) / 1000} ms`);
await runAll('START_QEMU', address => Qmp.Connection.open_async(address));
