# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Typed calls of both libraries as Python sees them.
import json
import os
import sys
import time

import gi

gi.require_version('Qmp', '1.0')
gi.require_version('Qga', '1.0')
from gi.repository import Gio, GLib, Qga, Qmp  # noqa: E402

from harness import Peer, equal, fails, run_all, run_until, test, wait  # noqa: E402

WIDEST = 2 ** 64 - 1


def run_job(qemu, identifier, options):
    """Waits for its end, by its events."""
    told = []

    def on_change(_, event):
        change = event.to_struct()
        if change.props.id == identifier:
            told.append(change)

    handler = qemu.connect('event::JOB_STATUS_CHANGE', on_change)
    assert qemu.blockdev_create(identifier, options)
    run_until(lambda: told and told[-1].props.status == Qmp.JobStatus.CONCLUDED)
    qemu.disconnect(handler)
    assert qemu.job_dismiss(identifier)
    return told


def make_image(qemu, filename):
    """An image of 1 MiB."""
    run_job(qemu, 'file', Qmp.BlockdevCreateOptionsFileBranch(filename=filename, size=0))
    qemu.blockdev_add(Qmp.BlockdevOptionsFileBranch(node_name='image', filename=filename))
    return run_job(qemu, 'format', Qmp.BlockdevCreateOptionsQcow2Branch(
        file=Qmp.BlockdevRef(reference='image'), size=1024 * 1024))


@test
def status(qemu, peer):
    _, result = wait(qemu.query_status_async, None)
    found = qemu.query_status_finish(result)
    assert isinstance(found, Qmp.StatusInfo)
    equal(found.props.running, True)
    equal(found.get_running(), True)
    equal(found.props.status, Qmp.RunState.RUNNING)
    equal(found.get_status(), Qmp.RunState.RUNNING)
    equal(found.get_status_text(), 'running')
    equal(json.loads(found.to_json())['status'], 'running')
    assert qemu.stop()
    equal(qemu.query_status().props.status, Qmp.RunState.PAUSED)
    assert 'paused' in qemu.human_monitor_command('info status')


@test
def presence(qemu, peer):
    found = Qmp.StatusInfo(running=False)
    equal(found.has_running(), True)
    equal(found.has_status(), False)
    equal(found.props.status, Qmp.RunState.UNRECOGNIZED)
    equal(found.get_status_text(), None)
    equal(found.to_json(), '{"running":false}')
    options = Qmp.BlockdevOptionsFileBranch(filename='/a', read_only=True)
    told = []
    options.connect('notify', lambda _, spec: told.append(spec.name))
    options.unset_read_only()
    options.set_filename(None)
    equal(told, ['read-only', 'filename'])
    equal(options.to_json(), '{"driver":"file"}')


@test
def node_by_properties(qemu, peer):
    filename = peer.folder + '/disk.qcow2'
    make_image(qemu, filename)
    options = Qmp.BlockdevOptionsQcow2Branch(
        node_name='disk0',
        read_only=True,
        file=Qmp.BlockdevRef(definition=Qmp.BlockdevOptionsFileBranch(filename=filename, locking=Qmp.OnOffAuto.OFF)))
    _, result = wait(qemu.blockdev_add_async, options, None)
    assert qemu.blockdev_add_finish(result)

    _, result = wait(qemu.query_named_block_nodes_async, None, None)
    nodes = {node.props.node_name: node for node in qemu.query_named_block_nodes_finish(result)}
    disk = nodes['disk0']
    equal(disk.props.ro, True)
    equal(disk.props.drv, 'qcow2')
    equal(disk.props.detect_zeroes, Qmp.BlockdevDetectZeroesOptions.OFF)
    image = disk.props.image.props
    equal((image.filename, image.virtual_size), (filename, 1024 * 1024))
    assert isinstance(image.format_specific, Qmp.ImageInfoSpecificQcow2Branch)
    equal(image.format_specific.props.data.props.refcount_bits, 16)


@test
def node_by_setters(qemu, peer):
    filename = peer.folder + '/disk.qcow2'
    make_image(qemu, filename)
    options = Qmp.BlockdevOptionsQcow2Branch.new()
    options.set_node_name('disk1')
    options.set_file(Qmp.BlockdevRef.new_for_reference('nothing'))
    options.set_discard(Qmp.BlockdevDiscardOptions.UNMAP)
    options.get_file().set_reference('image')
    equal(options.to_json(), '{"driver":"qcow2","node-name":"disk1","discard":"unmap","file":"image"}')
    assert qemu.blockdev_add(options)
    nodes = qemu.query_named_block_nodes(Qmp.QueryNamedBlockNodesArguments(flat=True))
    equal([node.get_node_name() for node in nodes], ['disk1', 'image'])
    error = fails(Qmp.error_quark(), Qmp.Error.GENERIC, qemu.blockdev_add, options)
    assert 'disk1' in error.message


@test
def devices_in_a_list(qemu, peer):
    with Peer('START_QEMU', '-M', 'pc', '-S') as machine:
        qemu = Qmp.Connection.open(machine.address)
        qemu.blockdev_add(Qmp.BlockdevOptionsNullCoBranch(node_name='null', size=4096))
        disk = Qmp.DeviceAddArguments(id='disk')
        assert disk.set_member_json('drive', '"null"')
        equal(disk.get_member_json('drive'), '"null"')
        assert qemu.device_add('virtio-blk-pci', disk)

        store = Gio.ListStore(item_type=Qmp.BlockInfo)
        for device in qemu.query_block():
            store.append(device)
        equal(len(store), 1)
        device = store[0]
        assert isinstance(device, Qmp.BlockInfo)
        equal(device.props.inserted.props.node_name, 'null')
        assert device.props.qdev.startswith('/machine/peripheral/disk')
        equal((device.props.type, device.get_type_member()), ('unknown', 'unknown'))
        fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, disk.set_member_json, 'id', '"other"')


@test
def lists_of_objects(qemu, peer):
    a, b = (Qmp.BlockdevRef.new_for_reference(name) for name in 'ab')
    store = Gio.ListStore(item_type=Qmp.BlockdevRef)
    store.append(a)
    store.append(b)
    options = Qmp.BlockdevOptionsQuorumBranch(vote_threshold=1, children=store)
    equal(options.to_json(), '{"driver":"quorum","children":["a","b"],"vote-threshold":1}')
    equal([child.props.reference for child in options.props.children], ['a', 'b'])
    options.set_children([b])
    equal(options.get_children(), [b])
    options.props.children = None
    equal(options.has_children(), False)
    equal(qemu.query_named_block_nodes(), [])


@test
def transaction(qemu, peer):
    def add(name):
        return Qmp.TransactionActionBlockDirtyBitmapAddBranch(data=Qmp.BlockDirtyBitmapAdd(node='null', name=name))

    qemu.blockdev_add(Qmp.BlockdevOptionsNullCoBranch(node_name='null'))
    abort = Qmp.TransactionActionAbortBranch(data=Qmp.Abort())
    _, result = wait(qemu.transaction_async, [add('one'), add('two')], None, None)
    assert qemu.transaction_finish(result)
    fails(Qmp.error_quark(), Qmp.Error.GENERIC, qemu.transaction, [add('three'), abort])
    node, = qemu.query_named_block_nodes()
    equal(sorted(bitmap.props.name for bitmap in node.get_dirty_bitmaps()), ['one', 'two'])
    assert isinstance(node.props.dirty_bitmaps[1], Qmp.BlockDirtyInfo)


@test
def keys(qemu, peer):
    # what is no name in Python is one for getattr ()
    both = [Qmp.KeyValueQcodeBranch(data=code) for code in (Qmp.QKeyCode.CTRL, getattr(Qmp.QKeyCode, '1'))]
    equal(both[1].to_json(), '{"type":"qcode","data":"1"}')
    assert qemu.send_key(both, Qmp.SendKeyArguments(hold_time=1))
    assert qemu.send_key(both)


@test
def lists_of_integers(qemu, peer):
    memory = Qmp.ObjectOptionsMemoryBackendRamBranch(id='memory', size=1024 * 1024)
    memory.set_host_nodes([0, 65535])
    memory.set_policy(Qmp.HostMemPolicy.PREFERRED)
    equal(memory.get_host_nodes(), [0, 65535])
    equal(list(memory.props.host_nodes), [0, 65535])
    memory.props.host_nodes = GLib.Variant('at', [3, 65535])
    equal(memory.get_host_nodes(), [3, 65535])
    memory.unset_host_nodes()
    memory.unset_policy()
    assert qemu.object_add(memory)
    found, = qemu.query_memdev()
    equal(found.props.id, 'memory')
    equal(found.get_host_nodes(), [])
    equal(found.props.policy, Qmp.HostMemPolicy.DEFAULT)


@test
def wide_number(qemu, peer):
    text = f'{{"max-bandwidth":{WIDEST}}}'
    read = Qmp.MigrateSetParameters.new_from_json(text)
    equal(read.props.max_bandwidth, WIDEST)
    equal(read.get_max_bandwidth(), WIDEST)
    equal(read.get_max_bandwidth_text(), str(WIDEST))
    equal(read.to_json(), text)
    made = Qmp.MigrateSetParameters()
    made.set_max_bandwidth(WIDEST)
    equal(made.to_json(), text)
    equal(Qmp.MigrateSetParameters(max_bandwidth=WIDEST).to_json(), text)

    assert qemu.migrate_set_parameters(made)
    equal(qemu.query_migrate_parameters().props.max_bandwidth, WIDEST)


@test
def unions(qemu, peer):
    options = Qmp.BlockdevOptions.new_from_json('{"driver":"qcow2","file":{"driver":"file","filename":"/a"}}')
    equal(type(options), Qmp.BlockdevOptionsQcow2Branch)
    assert isinstance(options, Qmp.BlockdevOptions)
    equal(options.props.driver, Qmp.BlockdevDriver.QCOW2)
    definition = options.props.file.props.definition
    equal(type(definition), Qmp.BlockdevOptionsFileBranch)
    equal(definition.to_blockdev_options_file().props.filename, '/a')
    equal(type(options.copy()), Qmp.BlockdevOptionsQcow2Branch)

    empty = Qmp.YankInstance.new_from_json('{"type":"migration"}')
    equal(type(empty), Qmp.YankInstance)
    equal(empty.props.type, Qmp.YankInstanceType.MIGRATION)

    text = '{"driver":"punched-tape","node-name":"tape","width":8}'
    newer = Qmp.BlockdevOptions.new_from_json(text)
    equal(type(newer), Qmp.BlockdevOptions)
    equal(newer.props.driver, Qmp.BlockdevDriver.UNRECOGNIZED)
    equal(newer.get_driver_text(), 'punched-tape')
    equal(newer.props.node_name, 'tape')
    equal(newer.get_member_json('width'), '8')
    equal(newer.to_json(), text)


@test
def alternates(qemu, peer):
    reference = Qmp.BlockdevRef.new_for_reference('node')
    equal(reference.to_json(), '"node"')
    equal(reference.has_definition(), False)
    equal(Qmp.BlockdevRef.new_for_definition(Qmp.BlockdevOptionsNullCoBranch()).to_json(), '{"driver":"null-co"}')
    backing = Qmp.BlockdevRefOrNull(reference='node')
    backing.props.null = True
    equal(backing.has_reference(), False)
    equal(backing.to_json(), Qmp.BlockdevRefOrNull.new_for_null().to_json())
    equal(backing.to_json(), 'null')


@test
def event(qemu, peer):
    stops = []
    qemu.connect('event::STOP', lambda _, event: stops.append(event.to_struct()))
    qemu.stop()
    run_until(lambda: stops)
    assert isinstance(stops[0], Qmp.StopEvent)
    changes = make_image(qemu, peer.folder + '/image')
    assert all(isinstance(change, Qmp.JobStatusChangeEvent) for change in changes)
    equal([change.get_status_text() for change in changes], ['created', 'running', 'waiting', 'pending', 'concluded'])


@test
def errors(qemu, peer):
    error = fails(Qmp.error_quark(), Qmp.Error.GENERIC, qemu.device_add, 'nonsense')
    equal(Qmp.Error.get_class_name(error), 'GenericError')

    invalid = Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT
    error = fails(*invalid, qemu.qom_set, '/machine', 'type', 'nonsense')
    assert 'qom-set: value' in error.message
    error = fails(*invalid, qemu.migrate_continue, Qmp.MigrationStatus.UNRECOGNIZED)
    assert 'migrate-continue: state' in error.message
    _, result = wait(qemu.qom_set_async, '/machine', 'type', 'nonsense', None)
    fails(*invalid, qemu.qom_set_finish, result)

    error = fails(Qmp.error_quark(), Qmp.Error.UNEXPECTED_VALUE, Qmp.BlockdevOptions.new_from_json,
                  '{"driver":"qcow2","file":{"driver":"file","filename":7}}')
    assert 'BlockdevOptions: file.filename' in error.message
    error = fails(*invalid, Qmp.StatusInfo.new_from_json, '{')
    assert 'StatusInfo' in error.message


@test
def any_value(qemu, peer):
    assert qemu.object_add(Qmp.ObjectOptionsThrottleGroupBranch(id='group'))
    assert qemu.qom_set('/objects/group', 'limits', json.dumps({'iops-total': 7}))
    equal(json.loads(qemu.qom_get('/objects/group', 'limits'))['iops-total'], 7)
    equal(json.loads(qemu.qom_get('/machine/unattached/system[0]', 'size')), WIDEST)


@test
def descriptors(qemu, peer):
    with open(os.devnull, encoding='ascii') as file:
        added = qemu.add_fd(file.fileno(), Qmp.AddFdArguments(opaque='nothing'))
        assert isinstance(added, Qmp.AddfdInfo)
        fdset, = qemu.query_fdsets()
        equal(fdset.props.fdset_id, added.props.fdset_id)
        equal([fd.props.opaque for fd in fdset.get_fds()], ['nothing'])
        assert qemu.getfd('null', file.fileno())
        _, result = wait(qemu.getfd_async, 'null', file.fileno(), None)
        assert qemu.getfd_finish(result)
        error = fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, qemu.getfd, 'null', -1)
        assert 'getfd' in error.message
        assert not os.get_inheritable(file.fileno())
    assert qemu.closefd('null')


def with_agent(body):
    """A test that has an agent in place of a QEMU."""
    def run(_qemu, _peer):
        with Peer('START_AGENT') as peer:
            body(Qga.Connection.open(peer.address), peer)

    run.__name__ = body.__name__
    return test(run)


@with_agent
def agent(guest, peer):
    _, result = wait(guest.guest_ping_async, None)
    assert guest.guest_ping_finish(result)
    assert guest.guest_ping()
    equal(guest.guest_sync(2 ** 63 - 1), 2 ** 63 - 1)
    system = guest.guest_get_osinfo()
    assert isinstance(system, Qga.GuestOSInfo)
    equal(system.props.kernel_release, os.uname().release)
    assert abs(guest.guest_get_time() / 1e9 - time.time()) < 3600
    fails(Qga.error_quark(), Qga.Error.COMMAND_DISABLED, guest.guest_shutdown, Qga.GuestShutdownArguments(mode='halt'))
    assert any(interface.props.name == 'lo' for interface in guest.guest_network_get_interfaces())


@with_agent
def process_of_the_agent(guest, peer):
    process = guest.guest_exec('/bin/sh', Qga.GuestExecArguments(
        arg=['-c', 'cat; echo $WHO >&2; exit 3'],
        env=['PATH=/usr/bin:/bin', 'WHO=world'],
        input_data=GLib.Bytes('Grüße\n'.encode()),
        capture_output=Qga.GuestExecCaptureOutput(flag=True)))
    state = guest.guest_exec_status(process.props.pid)
    while not state.props.exited:
        state = guest.guest_exec_status(process.props.pid)
    equal(state.props.exitcode, 3)
    equal(state.has_signal(), False)
    equal(state.props.out_data.get_data().decode(), 'Grüße\n')
    equal(state.get_err_data().get_data(), b'world\n')


@with_agent
def file_of_the_agent(guest, peer):
    file = guest.guest_file_open(peer.folder + '/file', Qga.GuestFileOpenArguments(mode='w+'))
    equal(guest.guest_file_write(file, GLib.Bytes(b'one\0two')).props.count, 7)
    start = Qga.GuestFileWhence.new_for_name(Qga.QGASeek.SET)
    equal(guest.guest_file_seek(file, 4, start).props.position, 4)
    read = guest.guest_file_read(file, Qga.GuestFileReadArguments(count=100))
    equal((read.props.buf_b64.get_data(), read.props.eof), (b'two', True))
    assert guest.guest_file_close(file)
    fails(Qga.error_quark(), Qga.Error.GENERIC, guest.guest_file_close, file)


sys.exit(run_all('START_QEMU', Qmp.Connection.open))
