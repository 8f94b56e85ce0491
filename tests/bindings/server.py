# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The far end as Python sees it: tables, handlers, later answers, events, clients;
# with a main loop, and for clients that block.
import json
import os
import sys

import gi

gi.require_version('Qmp', '1.0')
from gi.repository import Gio, GLib, Qmp  # noqa: E402

from harness import equal, fails, run_each, run_until, test, wait  # noqa: E402


def open_to(server):
    _, result = wait(Qmp.Connection.open_stream_async, server.open_stream(), None, None)
    return Qmp.Connection.open_stream_finish(result)


def run(connection, command, arguments=None):
    _, result = wait(connection.execute_json_async, command, json.dumps(arguments) if arguments else None, None)
    return connection.execute_json_finish(result)


@test
def table():
    server = Qmp.Server(version=Qmp.Version.new(9, 1, 2, 'test'))
    server.set_result_json('query-uuid', json.dumps({'UUID': 'x', 'big': 2 ** 64 - 1}))
    server.set_error('cont', 'DeviceNotActive', 'it sleeps')
    connection = open_to(server)
    equal(connection.get_version().to_string(), '9.1.2')
    equal(json.loads(run(connection, 'query-uuid'))['big'], 2 ** 64 - 1)
    error = fails(Qmp.Error.quark(), Qmp.Error.DEVICE_NOT_ACTIVE, run, connection, 'cont')
    equal(error.message, 'cont: it sleeps')
    server.unset('cont')
    fails(Qmp.Error.quark(), Qmp.Error.COMMAND_NOT_FOUND, run, connection, 'cont')
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, server.set_result_json, 'x', '{')


@test
def handlers():
    server = Qmp.Server()

    def on_sum(_server, call):
        equal(call.props.command, 'sum')
        arguments = json.loads(call.get_arguments_json())
        equal(call.get_arguments().get_object().get_int_member('a'), arguments['a'])
        equal(call.get_arguments_value().get_member_int64('b'), (True, arguments['b']))
        return call.return_json(json.dumps(arguments['a'] + arguments['b']))

    # neither says that it took care, and one did
    server.connect('command::sum', on_sum)
    server.connect('command::none', lambda _server, call: None)
    server.connect('command::refuse', lambda _server, call: call.return_error('GenericError', 'no'))
    connection = open_to(server)
    equal(run(connection, 'sum', {'a': 1, 'b': 2}), '3')
    fails(Qmp.Error.quark(), Qmp.Error.COMMAND_NOT_FOUND, run, connection, 'none')
    fails(Qmp.Error.quark(), Qmp.Error.GENERIC, run, connection, 'refuse')


@test
def later():
    server = Qmp.Server()
    connection = open_to(server)
    calls, replies = [], []

    def keep(_server, call):
        calls.append(call)
        return True

    server.connect('command', keep)
    connection.execute_json_async('a', None, None, lambda source, result: replies.append(source.execute_json_finish(result)))
    run_until(lambda: calls)
    assert not calls[0].is_answered()
    calls[0].return_json('"late"')
    run_until(lambda: replies)
    equal(replies, ['"late"'])
    connection.execute_json_async('b', None, None, lambda source, result: None)
    run_until(lambda: len(calls) == 2)
    connection.close()
    run_until(calls[1].get_cancellable().is_cancelled)


@test
def clients():
    server = Qmp.Server()
    diary = []
    server.connect('client-added', lambda _, client: diary.append(('+', client.props.id)))
    server.connect('client-removed', lambda _, client, error: diary.append(('-', client.props.id, error)))
    connection = open_to(server)
    client, = server.get_clients()
    equal(client.props.state, Qmp.ServerClientState.READY)
    equal(client.get_credentials().get_unix_pid(), os.getpid())
    end = []
    connection.connect('closed', lambda _, error: end.append(error))
    client.close()
    run_until(lambda: end and len(diary) == 2)
    equal(diary, [('+', 1), ('-', 1, None)])
    equal(server.get_clients(), [])


@test
def events():
    server = Qmp.Server()
    connection = open_to(server)
    seen = []
    connection.connect('event', lambda _, event: seen.append((event.get_name(), event.get_data_json(), event.get_timestamp())))
    server.emit_event_json('RESET', '{"guest": true}')
    server.relay_event(Qmp.Event.new_from_json('{"event": "STOP", "timestamp": {"seconds": 5, "microseconds": 7}}'))
    server.get_clients()[0].emit_event_json('RESUME', None)
    run_until(lambda: len(seen) == 3)
    equal([name for name, _, _ in seen], ['RESET', 'STOP', 'RESUME'])
    equal(seen[0][1], '{"guest": true}')
    equal(seen[1][2], 5000007)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT, server.emit_event_json, 'STOP', '[]')


@test
def blocking():
    server = Qmp.Server.new_threaded()
    server.set_result_json('query-status', '{"running": true, "status": "running"}')
    server.connect('command::twice', lambda _, call: call.return_json(json.dumps(2 * json.loads(call.get_arguments_json())['n'])))
    connection = Qmp.Connection.open_stream(server.open_stream(), None, None)
    assert connection.query_status().get_running()
    equal(connection.execute_json('twice', '{"n": 21}'), '42')
    events = connection.watch_events(None, 10)
    server.emit_event_json('STOP', None)
    equal(events.next(None).get_name(), 'STOP')


@test
def descriptors():
    server = Qmp.Server.new_threaded()
    taken = []

    def take(_server, call):
        taken.append(call.steal_fd())
        return call.return_json(None)

    server.connect('command::getfd', take)
    connection = Qmp.Connection.open_stream(server.open_stream(), None, None)
    near, far = os.pipe()
    request = Qmp.Request.new('getfd')
    request.set_fd(far)
    connection.execute_request(request)
    os.write(taken[0], b'x')
    equal(os.read(near, 1), b'x')
    for fd in near, far, *taken:
        os.close(fd)


@test
def listening():
    folder = GLib.Dir.make_tmp('bindings-XXXXXX')
    server = Qmp.Server.new_threaded()
    equal(server.listen(f'{folder}/s'), f'{folder}/s')
    assert server.listen('tcp:127.0.0.1:0') != 'tcp:127.0.0.1:0'
    assert Qmp.Connection.open(f'{folder}/s', None, None).get_out_of_band()
    server.close()
    os.rmdir(folder)


sys.exit(run_each(lambda body: body()))
