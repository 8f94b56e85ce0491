# SPDX-License-Identifier: LGPL-2.1-or-later
#
# qmp-glib as Python sees it: callbacks, and the blocking forms.
import json
import os
import sys

import gi

gi.require_version('Json', '1.0')
gi.require_version('Qmp', '1.0')
from gi.repository import Gio, GLib, Json, Qmp  # noqa: E402

from harness import equal, fails, run_all, run_until, test, wait, watch_end  # noqa: E402


def call(connection, command, arguments=None, cancellable=None):
    text = None if arguments is None else json.dumps(arguments)
    source, result = wait(connection.execute_json_async, command, text, cancellable)
    equal(source, connection)
    return json.loads(connection.execute_json_finish(result))


@test
def opening(connection, emulator):
    equal(connection.props.state, Qmp.ConnectionState.OPEN)
    equal(connection.get_state(), Qmp.ConnectionState.OPEN)
    assert connection.get_version().is_at_least(7, 0, 0)
    equal(connection.props.version.props.major, connection.get_version().get_major())
    assert 'oob' in connection.get_capabilities()
    assert connection.props.out_of_band
    equal(connection.get_limits().props.message_size, 10 * 1024 * 1024)


@test
def text(connection, emulator):
    equal(call(connection, 'query-status')['status'], 'running')
    types = call(connection, 'qom-list-types', {'implements': 'machine', 'abstract': False})
    assert any(item['name'] == 'none-machine' for item in types)
    equal(json.loads(connection.execute_json('query-status', None, None))['running'], True)
    equal(json.loads(connection.execute_json('query-status'))['running'], True)


@test
def tree(connection, emulator):
    _, result = wait(connection.execute_async, 'query-status', None, None)
    node = connection.execute_finish(result)
    equal(node.get_object().get_string_member('status'), 'running')
    argument = Json.from_string('{"implements": "machine"}')
    types = connection.execute('qom-list-types', argument, None)
    assert types.get_array().get_length() > 0


@test
def request(connection, emulator):
    asked = Qmp.Request(command='query-status', timeout=5000)
    _, result = wait(connection.execute_request_async, asked, None)
    value = connection.execute_request_finish(result)
    equal(value.get_kind(), Qmp.ValueKind.OBJECT)
    equal(value.dup_member_string('status'), 'running')
    equal(tuple(value.get_member_boolean('running')), (True, True))
    equal(value.get_member('nonsense'), None)
    assert 'status' in value.dup_member_names()

    overtaking = Qmp.Request.new('query-yank')
    overtaking.props.out_of_band = True
    equal(json.loads(connection.execute_request(overtaking, None).to_json())[0]['type'], 'chardev')


@test
def several_at_a_time(connection, emulator):
    replies = []

    def on_reply(source, result, name):
        replies.append((name, json.loads(source.execute_json_finish(result))))

    for command in 'query-status', 'query-version', 'query-chardev':
        connection.execute_json_async(command, None, None, on_reply, command)
    run_until(lambda: len(replies) == 3)
    equal([name for name, _ in replies], ['query-status', 'query-version', 'query-chardev'])
    assert 'qemu' in replies[1][1]


@test
def wide_number(connection, emulator):
    place = {'path': '/machine/unattached/system[0]', 'property': 'size'}
    equal(call(connection, 'qom-get', place), 2 ** 64 - 1)
    node = connection.execute('qom-get', Json.from_string(json.dumps(place)), None)
    equal(Qmp.json_node_get_uint64(node), 2 ** 64 - 1)
    asked = Qmp.Request(command='qom-get')
    asked.set_arguments_json(json.dumps(place))
    equal(tuple(connection.execute_request(asked, None).get_uint64()), (True, 2 ** 64 - 1))


@test
def event_signal(connection, emulator):
    names, stops = [], []
    connection.connect('event', lambda _, event: names.append(event.get_name()))
    connection.connect('event::STOP', lambda _, event: stops.append(event))
    call(connection, 'stop')
    call(connection, 'cont')
    run_until(lambda: len(names) == 2)
    equal(names, ['STOP', 'RESUME'])
    equal(len(stops), 1)
    assert abs(stops[0].get_timestamp() - GLib.get_real_time()) < 3600 * 1000000
    equal(stops[0].get_data(), None)


@test
def event_stream(connection, emulator):
    stream = connection.watch_events(['STOP', 'SHUTDOWN'], 16)
    call(connection, 'stop')
    call(connection, 'cont')
    _, result = wait(stream.next_async, None)
    equal(stream.next_finish(result).get_name(), 'STOP')
    assert connection.quit(None)
    event = stream.next(None)
    equal(event.get_name(), 'SHUTDOWN')
    equal(json.loads(event.get_data_json())['reason'], 'host-qmp-quit')
    equal(stream.next(None), None)
    _, result = wait(stream.next_async, None)
    equal(stream.next_finish(result), None)
    equal(stream.get_dropped(), 0)


@test
def every_event(connection, emulator):
    stream = connection.watch_events(None, 16)
    connection.execute_json('stop', None, None)
    equal(stream.try_next().get_name(), 'STOP')
    equal(stream.try_next(), None)


@test
def errors(connection, emulator):
    domain = Qmp.error_quark()
    error = fails(domain, Qmp.Error.COMMAND_NOT_FOUND, call, connection, 'query-nonsense')
    assert 'query-nonsense' in error.message
    # PyGObject makes errors anew, from domain, code and message
    equal(Qmp.error_get_class_name(error), 'CommandNotFound')
    equal(Qmp.error_get_command(error), None)
    error = fails(domain, Qmp.Error.DEVICE_NOT_FOUND, call, connection, 'device_del', {'id': 'nobody'})
    equal(Qmp.error_get_class_name(error), 'DeviceNotFound')
    fails(domain, Qmp.Error.GENERIC, connection.execute_json, 'object-del', '{"id": "nobody"}', None)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT,
          connection.execute_json, 'query-status', '{nonsense', None)
    equal(Qmp.error_get_class_name(GLib.Error('x')), None)


@test
def opening_fails(connection, emulator):
    options = Qmp.OpenOptions(timeout=5000, retry=False)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND,
          Qmp.Connection.open, emulator.folder + '/nothing', options, None)
    source, result = wait(Qmp.Connection.open_async, emulator.folder + '/nothing', options, None)
    equal(source, None)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND, Qmp.Connection.open_finish, result)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, Qmp.Connection.open, 'nonsense', None, None)


@test
def cancel(connection, emulator):
    cancellable = Gio.Cancellable()
    results = []
    connection.execute_json_async('query-status', None, cancellable, lambda _, result: results.append(result))
    cancellable.cancel()
    run_until(lambda: results)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED, connection.execute_json_finish, results[0])
    equal(call(connection, 'query-status')['status'], 'running')


@test
def time_is_up(connection, emulator):
    stream = connection.watch_events(['STOP'], 4)
    stream.props.timeout = 50
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT, stream.next, None)
    call(connection, 'stop')
    equal(stream.next(None).get_name(), 'STOP')


@test
def orderly_end(connection, emulator):
    end = watch_end(connection)
    _, result = wait(connection.quit_async, None)
    assert connection.quit_finish(result)
    run_until(lambda: end)
    equal(end, [None])
    equal(connection.props.state, Qmp.ConnectionState.CLOSED)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED, call, connection, 'query-status')


@test
def close(connection, emulator):
    end = watch_end(connection)
    _, result = wait(connection.close_async, None)
    assert connection.close_finish(result)
    run_until(lambda: end)
    equal(end, [None])
    following = Qmp.Connection.open(emulator.address, None, None)
    equal(call(following, 'query-status')['status'], 'running')


@test
def sudden_end(connection, emulator):
    end = watch_end(connection)
    results = []
    stream = connection.watch_events(None, 4)
    stream.next_async(None, lambda _, result: results.append(result))
    emulator.process.force_exit()
    run_until(lambda: end)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED, stream.next_finish, results[0])
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED, connection.execute_json, 'query-status', None, None)
    equal(len(end), 1)
    assert end[0].matches(Gio.io_error_quark(), Gio.IOErrorEnum.CLOSED)
    assert end[0].message


@test
def options(connection, emulator):
    connection.close(None)
    limits = Qmp.Limits(message_size=65536, pending_calls=5)
    chosen = Qmp.OpenOptions(limits=limits, out_of_band=False, default_timeout=1234)
    following = Qmp.Connection.open(emulator.address, chosen, None)
    equal(following.props.out_of_band, False)
    equal(following.props.default_timeout, 1234)
    equal(following.props.limits.props.message_size, 65536)
    equal(following.props.limits.props.pending_calls, 5)
    fails(Qmp.error_quark(), Qmp.Error.TOO_LARGE, following.execute_json, 'query-qmp-schema', None, None)


@test
def blocking(connection, emulator):
    connection.close(None)
    following = Qmp.Connection.open(emulator.address, None, None)
    stream = following.watch_events(['STOP'], 4)
    following.execute_json('stop', None, None)
    equal(stream.next(None).get_name(), 'STOP')
    assert following.quit(None)
    equal(stream.next(None), None)


@test
def main_loop(connection, emulator):
    """All of a small program, from inside a GLib.MainLoop."""
    loop = GLib.MainLoop()
    story = []

    def on_reply(source, result):
        story.append(json.loads(source.execute_json_finish(result)))
        source.quit_async(None, None)

    def on_closed(source, error):
        story.append(error)
        loop.quit()

    connection.connect('event::STOP', lambda *_: story.append('stopped'))
    connection.connect('closed', on_closed)
    connection.execute_json_async('stop', None, None, on_reply)
    loop.run()
    equal(story, ['stopped', {}, None])


@test
def schema(connection, emulator):
    _, result = wait(connection.load_schema_async, Gio.File.new_for_path(emulator.folder + '/schemas'), None)
    found = connection.load_schema_finish(result)
    equal(connection.load_schema(), found)
    equal(len(os.listdir(emulator.folder + '/schemas')), 1)
    assert found.has_command('blockdev-add')
    assert 'query-status' in found.dup_command_names()
    assert 'STOP' in found.dup_event_names()
    assert found.has_argument_value('blockdev-add', 'file.driver', 'null-co')
    assert found.check_arguments_json('query-status', None)
    error = fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, found.check_arguments_json,
                  'blockdev-add', '{"driver": "raw", "file": {"drver": "null-co"}}')
    equal(error.message, 'blockdev-add: file.drver: no such member; did you mean driver?')
    error = fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, found.check_arguments,
                  'device_del', Json.from_string('{"id": 7}'))
    equal(error.message, 'device_del: id: expected a string, got an integer')

    kind = found.get_arguments_type('blockdev-add')
    equal(kind.get_kind(), Qmp.SchemaKind.OBJECT)
    equal(kind.get_tag_name(), 'driver')
    names = [member.get_name() for member in kind.get_members()]
    assert 'node-name' in names
    assert not kind.get_member('driver').is_optional()
    drivers = kind.get_member('driver').get_value_type().dup_values()
    assert 'qcow2' in drivers
    reference = kind.get_branch('qcow2').get_member('file').get_value_type()
    equal(sorted(int(choice.get_json_type()) for choice in reference.get_alternatives()),
          [Qmp.SchemaJsonType.STRING, Qmp.SchemaJsonType.OBJECT])
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_DATA, Qmp.Schema.new_from_json, '[]')


@test
def listener(connection, emulator):
    listening = Qmp.Listener.new(emulator.folder + '/listener')
    assert listening.get_address().endswith('/listener')
    results = []
    cancellable = Gio.Cancellable()
    listening.accept_async(None, cancellable, lambda _, result: results.append(result))
    cancellable.cancel()
    run_until(lambda: results)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED, listening.accept_finish, results[0])
    listening.close()


@test
def socket_pair(connection, emulator):
    stream, fd = Qmp.Connection.create_socket_pair()
    assert isinstance(stream, Gio.IOStream)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT,
          Qmp.Connection.open_stream, stream, Qmp.OpenOptions(timeout=50), None)
    os.close(fd)


def connect(address):
    _, result = wait(Qmp.Connection.open_async, address, None, None)
    return Qmp.Connection.open_finish(result)


sys.exit(run_all('START_QEMU', connect))
