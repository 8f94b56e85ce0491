# SPDX-License-Identifier: LGPL-2.1-or-later
#
# qmp-glib as Python sees it with its overrides, without asyncio.
import json
import os
import sys
import time

import gi

gi.require_version('Qmp', '1.0')
from gi.repository import Gio, GLib  # noqa: E402

started = time.perf_counter()
from gi.repository import Qmp  # noqa: E402
loaded = time.perf_counter()

from harness import equal, fails, run_all, run_until, test, wait  # noqa: E402

WIDE = {'path': '/machine/unattached/system[0]', 'property': 'size'}


@test
def asyncio_is_not_loaded(qemu, emulator):
    equal('asyncio' in sys.modules, False)


@test
def native_values(qemu, emulator):
    equal(qemu.call('query-status')['status'], 'running')
    types = qemu.call('qom-list-types', {'implements': 'machine', 'abstract': False})
    assert any(kind['name'] == 'none-machine' for kind in types)
    equal(qemu.call('stop'), {})


@test
def integers_are_exact(qemu, emulator):
    equal(qemu.call('qom-get', WIDE), 2**64 - 1)
    size = 2**60 + 2**9
    qemu.call('blockdev-add', {'driver': 'null-co', 'node-name': 'a', 'size': size})
    equal(qemu.call('query-named-block-nodes')[0]['image']['virtual-size'], size)
    from gi.overrides._qmp_glib.calls import to_json
    for value in (2**53 + 1, 2**64 - 1, -2**63):
        equal(to_json({'value': [value]}), '{"value": [%d]}' % value)
        text = '{"driver":"qcow2","size":%d}' % value
        equal(Qmp.BlockdevCreateOptions.new_from_json(text).to_json(), text) if value > 0 else None
    equal(to_json({'file': Qmp.BlockdevRef(reference='a')}), '{"file": "a"}')
    for value in (float('nan'), float('inf'), object()):
        try:
            to_json([value])
        except (TypeError, ValueError):
            continue
        raise AssertionError(f'{value} was taken')


@test
def options_of_a_call(qemu, emulator):
    equal(len(qemu.call('query-yank', out_of_band=True)), 1)
    assert qemu.call('query-status', {}, timeout=5000, sensitive=True)['running']
    cancellable = Gio.Cancellable()
    cancellable.cancel()
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED,
          lambda: qemu.call('query-status', cancellable=cancellable))
    with open('/dev/null', encoding='ascii') as file:
        equal(qemu.call('add-fd', {}, fd=file.fileno())['fdset-id'], 0)
    try:
        qemu.call('query-status', time_out=5)
    except TypeError:
        return
    raise AssertionError('an option that is none was taken')


@test
def events(qemu, emulator):
    watch = qemu.events('STOP', 'SHUTDOWN')
    qemu.stop()
    qemu.cont()
    qemu.quit()
    equal([(event.name, event.data) for event in watch],
          [('STOP', {}), ('SHUTDOWN', {'guest': False, 'reason': 'host-qmp-quit'})])
    equal(list(watch), [])


@test
def breaking_out_ends_the_watch(qemu, emulator):
    with qemu.events(capacity=1) as watch:
        qemu.stop()
        qemu.cont()
        for event in watch:
            equal(event.name, 'RESUME')
            assert abs(event.timestamp / 1e6 - time.time()) < 3600
            break
        equal(watch.dropped, 1)
    qemu.stop()
    equal(watch.dropped, 1)
    equal(list(watch), [])
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT, next, qemu.events('STOP', timeout=20))


@test
def a_sudden_end(qemu, emulator):
    watch = qemu.events()
    emulator.process.force_exit()
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED, list, watch)


@test
def errors_tell_what_they_are(qemu, emulator):
    error = fails(Qmp.error_quark(), Qmp.Error.COMMAND_NOT_FOUND, qemu.call, 'make-coffee', {'milk': True})
    equal(Qmp.Error.of(error), Qmp.Error.COMMAND_NOT_FOUND)
    equal(Qmp.Error.get_class_name(error), 'CommandNotFound')
    equal(Qmp.Error.get_command(error), 'make-coffee')
    equal(Qmp.Error.get_description(error), 'The command make-coffee has not been found')
    equal(Qmp.Error.of(fails(Qmp.error_quark(), Qmp.Error.DEVICE_NOT_FOUND, qemu.device_del, 'nobody')),
          Qmp.Error.DEVICE_NOT_FOUND)
    error = fails(Qmp.error_quark(), Qmp.Error.GENERIC, qemu.object_del, 'nobody')
    equal(Qmp.Error.get_command(error), 'object-del')
    equal(Qmp.Error.get_command(GLib.Error('x')), None)
    equal(Qmp.Error.of(GLib.Error('x')), None)
    equal(Qmp.Error.of(ValueError('x')), None)


@test
def dicts(qemu, emulator):
    qemu.blockdev_add({'driver': 'null-co', 'node-name': 'a', 'size': 2**60 + 2**9, 'read-zeroes': True})
    qemu.blockdev_add(arguments={'driver': 'raw', 'node-name': 'b', 'file': {'driver': 'null-co', 'size': 4096}})
    qemu.blockdev_add({'driver': 'raw', 'node-name': 'c',
                       'file': Qmp.BlockdevRef.new_for_definition(Qmp.BlockdevOptionsNullCoBranch(size=512))})
    nodes = qemu.query_named_block_nodes({'flat': True})
    equal(sorted(node.get_node_name() for node in nodes if len(node.get_node_name()) == 1), ['a', 'b', 'c'])
    equal(nodes[-1].get_image().get_virtual_size(), 2**60 + 2**9)
    qemu.blockdev_reopen([{'driver': 'null-co', 'node-name': 'a', 'read-only': True, 'size': 2**60 + 2**9,
                           'read-zeroes': True}])
    fails(Qmp.error_quark(), Qmp.Error.GENERIC, qemu.blockdev_add, {'driver': 'raw', 'node_name': 'd', 'file': 'a'})

    qemu.close()
    with Qmp.Connection.open(emulator.address, {'timeout': 5000, 'out_of_band': False,
                                                'limits': {'pending_calls': 7}}) as following:
        equal(following.props.out_of_band, False)
        equal(following.props.limits.props.pending_calls, 7)


@test
def arguments_that_are_left_out(qemu, emulator):
    watch = qemu.watch_events()
    equal(watch.props.capacity, 256)
    qemu.stop()
    equal(watch.next().name, 'STOP')
    equal(qemu.watch_events(['STOP']).props.capacity, 256)
    equal(qemu.watch_events(capacity=3).props.capacity, 3)
    equal(qemu.watch_events(['STOP'], 4).props.capacity, 4)
    equal(Qmp.Connection.watch_events(qemu).props.capacity, 256)
    fails(Qmp.error_quark(), Qmp.Error.DEVICE_NOT_ACTIVE, qemu.set_balloon, 1)
    fails(Qmp.error_quark(), Qmp.Error.GENERIC, Qmp.Job.run, qemu, Qmp.Request.new('job-cancel'))
    assert qemu.props.version.is_at_least(7, 2)
    assert not qemu.props.version.is_at_least(7, 2, 999) or qemu.props.version.is_at_least(7, 3)
    for too_few in (qemu.type_text, qemu.set_balloon, Qmp.Job.run, qemu.props.version.is_at_least):
        try:
            too_few()
        except TypeError:
            continue
        raise AssertionError(f'{too_few} took nothing')


@test
def closing(qemu, emulator):
    with qemu as same:
        equal(same, qemu)
        assert same.query_status().get_running()
    equal(qemu.props.state, Qmp.ConnectionState.CLOSED)


@test
def callbacks(qemu, emulator):
    _, result = wait(qemu.query_status_async, None)
    assert qemu.query_status_finish(result).get_running()
    results = []
    qemu.blockdev_add_async({'driver': 'null-co', 'node-name': 'a'}, callback=lambda _, result: results.append(result))
    run_until(lambda: results)
    assert qemu.blockdev_add_finish(results[0])
    # nobody waits for it
    equal(qemu.stop_async(), None)
    equal(qemu.query_status().get_running(), False)


@test
def every_asynchronous_call(qemu, emulator):
    """Also of classes that are new: those are to be named in the override."""
    from gi.overrides._qmp_glib.calls import BoundCall
    gi.require_version('Qga', '1.0')
    from gi.repository import Qga
    count = 0
    for library in (Qmp, Qga):
        for info in gi.Repository.get_default().get_infos(library.__name__.rpartition('.')[2]):
            if not hasattr(info, 'get_methods'):
                continue
            for method in info.get_methods():
                if method.__name__.endswith('_async'):
                    count += 1
                    call = getattr(getattr(library, info.__name__), method.__name__)
                    assert isinstance(call, BoundCall), f'{info.__name__}.{method.__name__}'
    assert count > 300, count
    assert 'command' in Qmp.Connection.execute_json.__doc__


def launch():
    launcher = Qmp.Launcher.new(os.environ.get('QEMU') or 'qemu-system-x86_64')
    launcher.set_arguments(['-M', 'none', '-nodefaults', '-display', 'none'])
    return launcher.launch()


@test
def a_machine_of_ours(qemu, emulator):
    steps = []
    try:
        with launch() as machine:
            machine.connect('shutdown-step', lambda _, step: steps.append(step))
            raise ValueError
    except ValueError:
        assert not machine.get_alive()
    with launch() as machine:
        machine.shut_down({'power_down_timeout': 0})
    assert not machine.get_alive()


@test
def a_machine_of_others(qemu, emulator):
    qemu.close()
    with Qmp.Machine.attach(emulator.address) as machine:
        assert machine.props.running
    equal(machine.get_connection().props.state, Qmp.ConnectionState.CLOSED)
    with Qmp.Connection.open(emulator.address) as following:
        assert following.query_status().get_running()


print(f'# Qmp is loaded in {(loaded - started) * 1000:.1f} ms')
sys.exit(run_all('START_QEMU', Qmp.Connection.open))
