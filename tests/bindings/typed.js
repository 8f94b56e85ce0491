// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Typed calls of both libraries as JavaScript sees them, with nothing but
// Gio._promisify.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Qga from 'gi://Qga?version=1.0';
import Qmp from 'gi://Qmp?version=1.0';

import {equal, fails, Peer, runAll, test} from './harness.js';

for (const library of [Qmp, Qga])
    Gio._promisify(library.Connection, 'open_async', 'open_finish');
for (const name of ['query_status', 'query_block', 'query_named_block_nodes', 'query_migrate_parameters',
    'migrate_set_parameters', 'blockdev_add', 'blockdev_create', 'job_dismiss', 'device_add', 'transaction', 'send_key',
    'object_add', 'query_memdev', 'qom_get', 'qom_set', 'stop', 'migrate_continue', 'human_monitor_command'])
    Gio._promisify(Qmp.Connection.prototype, `${name}_async`, `${name}_finish`);
for (const name of ['guest_ping', 'guest_sync', 'guest_get_osinfo', 'guest_get_time', 'guest_exec', 'guest_exec_status',
    'guest_file_open', 'guest_file_write', 'guest_file_seek', 'guest_file_read', 'guest_file_close', 'guest_shutdown'])
    Gio._promisify(Qga.Connection.prototype, `${name}_async`, `${name}_finish`);

const WIDEST = 2n ** 64n - 1n;

function refused(body, domain, code) {
    try {
        body();
    } catch (error) {
        if (!(error instanceof GLib.Error) || !error.matches(domain, code))
            throw error;
        return error.message;
    }
    throw new Error('expected a failure');
}

// Waits for its end, by its events.
async function runJob(qemu, id, options) {
    const told = [];
    const end = new Promise(resolve => {
        const handler = qemu.connect('event::JOB_STATUS_CHANGE', (_, event) => {
            const change = event.to_struct();
            if (change.id === id)
                told.push(change);
            if (change.id === id && change.status === Qmp.JobStatus.CONCLUDED) {
                qemu.disconnect(handler);
                resolve();
            }
        });
    });
    equal(await qemu.blockdev_create_async(id, options, null), true);
    await end;
    equal(await qemu.job_dismiss_async(id, null), true);
    return told;
}

// An image of 1 MiB.
async function makeImage(qemu, filename) {
    await runJob(qemu, 'file', new Qmp.BlockdevCreateOptionsFileBranch({filename, size: 0}));
    await qemu.blockdev_add_async(new Qmp.BlockdevOptionsFileBranch({node_name: 'image', filename}), null);
    return runJob(qemu, 'format', new Qmp.BlockdevCreateOptionsQcow2Branch({
        file: Qmp.BlockdevRef.new_for_reference('image'),
        size: 1024 * 1024,
    }));
}

test('status', async (qemu) => {
    const status = await qemu.query_status_async(null);
    equal(status instanceof Qmp.StatusInfo, true);
    equal(status.running, true);
    equal(status.get_running(), true);
    equal(status.status, Qmp.RunState.RUNNING);
    equal(status.get_status(), Qmp.RunState.RUNNING);
    equal(status.get_status_text(), 'running');
    equal(JSON.parse(status.to_json()).status, 'running');
    equal(await qemu.stop_async(null), true);
    equal(qemu.query_status(null).status, Qmp.RunState.PAUSED);
    equal((await qemu.human_monitor_command_async('info status', null, null)).includes('paused'), true);
});

test('presence', async () => {
    const status = new Qmp.StatusInfo({running: false});
    equal(status.has_running(), true);
    equal(status.has_status(), false);
    equal(status.status, Qmp.RunState.UNRECOGNIZED);
    equal(status.get_status_text(), null);
    equal(status.to_json(), '{"running":false}');
    const options = new Qmp.BlockdevOptionsFileBranch({filename: '/a', read_only: true});
    const told = [];
    options.connect('notify', (_, spec) => told.push(spec.name));
    options.unset_read_only();
    options.set_filename(null);
    equal(told.join(), 'read-only,filename');
    equal(options.to_json(), '{"driver":"file"}');
});

test('node by properties', async (qemu, peer) => {
    const filename = `${peer.folder}/disk.qcow2`;
    await makeImage(qemu, filename);
    equal(await qemu.blockdev_add_async(new Qmp.BlockdevOptionsQcow2Branch({
        node_name: 'disk0',
        read_only: true,
        file: new Qmp.BlockdevRef({definition: new Qmp.BlockdevOptionsFileBranch({filename, locking: Qmp.OnOffAuto.OFF})}),
    }), null), true);

    const nodes = await qemu.query_named_block_nodes_async(null, null);
    const disk = nodes.find(node => node.node_name === 'disk0');
    equal(disk.ro, true);
    equal(disk.drv, 'qcow2');
    equal(disk.detect_zeroes, Qmp.BlockdevDetectZeroesOptions.OFF);
    equal(disk.image.filename, filename);
    equal(disk.image.virtual_size, 1024 * 1024);
    equal(disk.image.format_specific instanceof Qmp.ImageInfoSpecificQcow2Branch, true);
    equal(disk.image.format_specific.data.refcount_bits, 16);
});

test('node by setters', async (qemu, peer) => {
    const filename = `${peer.folder}/disk.qcow2`;
    await makeImage(qemu, filename);
    const options = Qmp.BlockdevOptionsQcow2Branch.new();
    options.set_node_name('disk1');
    options.set_file(Qmp.BlockdevRef.new_for_reference('nothing'));
    options.set_discard(Qmp.BlockdevDiscardOptions.UNMAP);
    options.get_file().set_reference('image');
    equal(options.to_json(), '{"driver":"qcow2","node-name":"disk1","discard":"unmap","file":"image"}');
    equal(qemu.blockdev_add(options, null), true);
    const flat = new Qmp.QueryNamedBlockNodesArguments({flat: true});
    equal(qemu.query_named_block_nodes(flat, null).map(node => node.get_node_name()).join(), 'disk1,image');
    const message = (await fails(qemu.blockdev_add_async(options, null), Qmp.Error, Qmp.Error.GENERIC)).message;
    equal(message.includes('disk1'), true);
});

test('devices in a list', async () => {
    const machine = new Peer('START_QEMU', ['-M', 'pc', '-S']);
    try {
        const qemu = await Qmp.Connection.open_async(machine.address, null, null);
        await qemu.blockdev_add_async(new Qmp.BlockdevOptionsNullCoBranch({node_name: 'null', size: 4096}), null);
        const disk = new Qmp.DeviceAddArguments({id: 'disk'});
        equal(disk.set_member_json('drive', '"null"'), true);
        equal(disk.get_member_json('drive'), '"null"');
        equal(await qemu.device_add_async('virtio-blk-pci', disk, null), true);

        const store = new Gio.ListStore({item_type: Qmp.BlockInfo});
        for (const device of await qemu.query_block_async(null))
            store.append(device);
        equal(store.get_n_items(), 1);
        const device = store.get_item(0);
        equal(device instanceof Qmp.BlockInfo, true);
        equal(device.inserted.node_name, 'null');
        equal(device.qdev.startsWith('/machine/peripheral/disk'), true);
        equal(device.type, 'unknown');
        equal(device.get_type_member(), 'unknown');
        refused(() => disk.set_member_json('id', '"other"'), Gio.IOErrorEnum, Gio.IOErrorEnum.INVALID_ARGUMENT);
    } finally {
        await machine.end();
    }
});

test('lists of objects', async (qemu) => {
    const [a, b] = ['a', 'b'].map(name => Qmp.BlockdevRef.new_for_reference(name));
    const store = new Gio.ListStore({item_type: Qmp.BlockdevRef});
    store.append(a);
    store.append(b);
    const options = new Qmp.BlockdevOptionsQuorumBranch({vote_threshold: 1, children: store});
    equal(options.to_json(), '{"driver":"quorum","children":["a","b"],"vote-threshold":1}');
    equal(options.children.get_n_items(), 2);
    equal([...options.children].map(child => child.reference).join(), 'a,b');
    options.set_children([b]);
    equal(options.get_children().length, 1);
    equal(options.get_children()[0], b);
    options.children = null;
    equal(options.has_children(), false);

    const found = qemu.query_named_block_nodes(null, null);
    equal(found.length, 0);
});

test('transaction', async (qemu) => {
    await qemu.blockdev_add_async(new Qmp.BlockdevOptionsNullCoBranch({node_name: 'null'}), null);
    const add = name => new Qmp.TransactionActionBlockDirtyBitmapAddBranch({
        data: new Qmp.BlockDirtyBitmapAdd({node: 'null', name}),
    });
    const abort = new Qmp.TransactionActionAbortBranch({data: new Qmp.Abort()});
    equal(await qemu.transaction_async([add('one'), add('two')], null, null), true);
    await fails(qemu.transaction_async([add('three'), abort], null, null), Qmp.Error, Qmp.Error.GENERIC);
    const [node] = await qemu.query_named_block_nodes_async(null, null);
    equal(node.get_dirty_bitmaps().map(bitmap => bitmap.name).sort().join(), 'one,two');
    equal(node.dirty_bitmaps.get_item(1) instanceof Qmp.BlockDirtyInfo, true);
});

test('keys', async (qemu) => {
    const keys = [Qmp.QKeyCode.CTRL, Qmp.QKeyCode['1']].map(data => new Qmp.KeyValueQcodeBranch({data}));
    equal(keys[1].to_json(), '{"type":"qcode","data":"1"}');
    equal(await qemu.send_key_async(keys, new Qmp.SendKeyArguments({hold_time: 1}), null), true);
    equal(qemu.send_key(keys, null, null), true);
});

test('lists of integers', async (qemu) => {
    const memory = new Qmp.ObjectOptionsMemoryBackendRamBranch({id: 'memory', size: 1024 * 1024});
    memory.set_host_nodes([0]);
    memory.set_policy(Qmp.HostMemPolicy.PREFERRED);
    equal(memory.get_host_nodes().join(), '0');
    equal(memory.host_nodes.deepUnpack().join(), '0');
    memory.host_nodes = new GLib.Variant('at', [3, 1]);
    equal(memory.get_host_nodes().join(), '3,1');
    memory.unset_host_nodes();
    memory.unset_policy();
    equal(await qemu.object_add_async(memory, null), true);
    const [found] = await qemu.query_memdev_async(null);
    equal(found.id, 'memory');
    equal(found.get_host_nodes().length, 0);
    equal(found.policy, Qmp.HostMemPolicy.DEFAULT);
});

// GJS rounds 64-bit numbers that it is given; their text has all of them.
test('wide number', async (qemu) => {
    const json = `{"max-bandwidth":${WIDEST}}`;
    const read = Qmp.MigrateSetParameters.new_from_json(json);
    equal(BigInt(read.get_max_bandwidth_text()), WIDEST);
    equal(read.to_json(), json);
    equal(Number(read.max_bandwidth), Number(WIDEST));
    const set = new Qmp.MigrateSetParameters();
    set.set_max_bandwidth(WIDEST);
    equal(set.to_json(), json);

    equal(await qemu.migrate_set_parameters_async(set, null), true);
    const parameters = await qemu.query_migrate_parameters_async(null);
    equal(parameters.get_max_bandwidth_text(), `${WIDEST}`);
});

test('unions', async () => {
    const options = Qmp.BlockdevOptions.new_from_json('{"driver":"qcow2","file":{"driver":"file","filename":"/a"}}');
    equal(options instanceof Qmp.BlockdevOptionsQcow2Branch, true);
    equal(options instanceof Qmp.BlockdevOptions, true);
    equal(options.driver, Qmp.BlockdevDriver.QCOW2);
    equal(options.file.definition instanceof Qmp.BlockdevOptionsFileBranch, true);
    equal(options.file.has_reference(), false);
    equal(options.file.definition.to_blockdev_options_file().filename, '/a');
    equal(options.copy() instanceof Qmp.BlockdevOptionsQcow2Branch, true);

    const empty = Qmp.YankInstance.new_from_json('{"type":"migration"}');
    equal(empty.constructor, Qmp.YankInstance);
    equal(empty.type, Qmp.YankInstanceType.MIGRATION);

    const newer = Qmp.BlockdevOptions.new_from_json('{"driver":"punched-tape","node-name":"tape","width":8}');
    equal(newer.constructor, Qmp.BlockdevOptions);
    equal(newer.driver, Qmp.BlockdevDriver.UNRECOGNIZED);
    equal(newer.get_driver_text(), 'punched-tape');
    equal(newer.node_name, 'tape');
    equal(newer.get_member_json('width'), '8');
    equal(newer.to_json(), '{"driver":"punched-tape","node-name":"tape","width":8}');
});

test('alternates', async () => {
    const reference = Qmp.BlockdevRef.new_for_reference('node');
    equal(reference.to_json(), '"node"');
    equal(reference.has_definition(), false);
    equal(Qmp.BlockdevRef.new_for_definition(new Qmp.BlockdevOptionsNullCoBranch()).to_json(), '{"driver":"null-co"}');
    const backing = new Qmp.BlockdevRefOrNull({reference: 'node'});
    backing.null = true;
    equal(backing.has_reference(), false);
    equal(backing.to_json(), Qmp.BlockdevRefOrNull.new_for_null().to_json());
    equal(backing.to_json(), 'null');
});

test('event', async (qemu, peer) => {
    const stops = [];
    qemu.connect('event::STOP', (_, event) => stops.push(event.to_struct()));
    await qemu.stop_async(null);
    equal(stops.length, 1);
    equal(stops[0] instanceof Qmp.StopEvent, true);
    const changes = await makeImage(qemu, `${peer.folder}/image`);
    equal(changes.every(change => change instanceof Qmp.JobStatusChangeEvent), true);
    equal(changes.map(change => change.get_status_text()).join(), 'created,running,waiting,pending,concluded');
});

test('errors', async (qemu) => {
    const error = await fails(qemu.device_add_async('nonsense', null, null), Qmp.Error, Qmp.Error.GENERIC);
    equal(Qmp.Error.get_class_name(error), 'GenericError');
    equal(Qmp.Error.get_command(error), 'device_add');

    const {INVALID_ARGUMENT} = Gio.IOErrorEnum;
    const invalid = async (promise, what) =>
        equal((await fails(promise, Gio.IOErrorEnum, INVALID_ARGUMENT)).message.includes(what), true);
    await invalid(qemu.qom_set_async('/machine', 'type', 'nonsense', null), 'qom-set: value');
    await invalid(qemu.migrate_continue_async(Qmp.MigrationStatus.UNRECOGNIZED, null), 'migrate-continue: state');

    let message = refused(() => Qmp.BlockdevOptions.new_from_json(
        '{"driver":"qcow2","file":{"driver":"file","filename":7}}'), Qmp.Error, Qmp.Error.UNEXPECTED_VALUE);
    equal(message.includes('BlockdevOptions: file.filename'), true);
    message = refused(() => Qmp.StatusInfo.new_from_json('{'), Gio.IOErrorEnum, INVALID_ARGUMENT);
    equal(message.includes('StatusInfo'), true);
});

test('any value', async (qemu) => {
    equal(await qemu.object_add_async(new Qmp.ObjectOptionsThrottleGroupBranch({id: 'group'}), null), true);
    equal(await qemu.qom_set_async('/objects/group', 'limits', JSON.stringify({'iops-total': 7}), null), true);
    equal(JSON.parse(await qemu.qom_get_async('/objects/group', 'limits', null))['iops-total'], 7);
    equal(qemu.qom_get('/machine/unattached/system[0]', 'size', null), `${WIDEST}`);
});

async function withAgent(body) {
    const peer = new Peer('START_AGENT');
    try {
        await body(await Qga.Connection.open_async(peer.address, null, null), peer);
    } finally {
        await peer.end();
    }
}

const bytes = text => new GLib.Bytes(new TextEncoder().encode(text));
const text = data => new TextDecoder().decode(data.toArray());

test('agent', () => withAgent(async (agent) => {
    equal(await agent.guest_ping_async(null), true);
    equal(agent.guest_ping(null), true);
    const system = await agent.guest_get_osinfo_async(null);
    equal(system instanceof Qga.GuestOSInfo, true);
    equal(system.kernel_release.length > 0, true);
    equal(Math.abs(await agent.guest_get_time_async(null) / 1000000 - Date.now()) < 3600000, true);
    await fails(agent.guest_shutdown_async(new Qga.GuestShutdownArguments({mode: 'halt'}), null),
        Qga.Error, Qga.Error.COMMAND_DISABLED);
}));

test('process of the agent', () => withAgent(async (agent) => {
    const process = await agent.guest_exec_async('/bin/sh', new Qga.GuestExecArguments({
        arg: ['-c', 'cat; echo $WHO >&2; exit 3'],
        env: ['PATH=/usr/bin:/bin', 'WHO=world'],
        input_data: bytes('Grüße\n'),
        capture_output: new Qga.GuestExecCaptureOutput({flag: true}),
    }), null);
    let status;
    do
        status = await agent.guest_exec_status_async(process.pid, null);
    while (!status.exited);
    equal(status.exitcode, 3);
    equal(status.has_signal(), false);
    equal(text(status.out_data), 'Grüße\n');
    equal(text(status.get_err_data()), 'world\n');
}));

test('file of the agent', () => withAgent(async (agent, peer) => {
    const file = await agent.guest_file_open_async(`${peer.folder}/file`, new Qga.GuestFileOpenArguments({mode: 'w+'}), null);
    const written = await agent.guest_file_write_async(file, bytes('one\0two'), null, null);
    equal(written.count, 7);
    const start = Qga.GuestFileWhence.new_for_name(Qga.QGASeek.SET);
    equal((await agent.guest_file_seek_async(file, 4, start, null)).position, 4);
    const read = await agent.guest_file_read_async(file, new Qga.GuestFileReadArguments({count: 100}), null);
    equal(text(read.buf_b64), 'two');
    equal(read.eof, true);
    equal(await agent.guest_file_close_async(file, null), true);
    await fails(agent.guest_file_close_async(file, null), Qga.Error, Qga.Error.GENERIC);
}));

await runAll('START_QEMU', address => Qmp.Connection.open_async(address, null, null));
