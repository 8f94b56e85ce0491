# SPDX-License-Identifier: LGPL-2.1-or-later
#
# qga-glib as Python sees it: callbacks, and the blocking forms.
import json
import os
import signal
import sys
import time

import gi

gi.require_version('Json', '1.0')
gi.require_version('Qga', '1.0')
from gi.repository import Gio, GLib, Json, Qga  # noqa: E402

from harness import equal, fails, run_all, run_until, test, wait, watch_end  # noqa: E402

IO = Gio.io_error_quark()


def call(agent, command, arguments=None, cancellable=None):
    text = None if arguments is None else json.dumps(arguments)
    source, result = wait(agent.execute_json_async, command, text, cancellable)
    equal(source, agent)
    return json.loads(agent.execute_json_finish(result))


@test
def opening(agent, peer):
    equal(agent.props.state, Qga.ConnectionState.OPEN)
    equal(agent.props.responsive, True)
    equal(agent.props.agent_present, True)
    equal(agent.props.generation, 1)
    equal(agent.get_limits().props.message_size, Qga.Limits().props.message_size)
    assert int(agent.dup_agent_version().split('.')[0]) >= 7
    assert 'guest-ping' in agent.dup_commands()
    equal(agent.has_command('guest-shutdown'), True)
    equal(agent.has_command('guest-nonsense'), False)
    equal(agent.is_command_enabled('guest-ping'), True)
    equal(agent.is_command_enabled('guest-shutdown'), False)


@test
def text(agent, peer):
    equal(call(agent, 'guest-ping'), {})
    assert call(agent, 'guest-get-osinfo')['kernel-release']
    assert json.loads(agent.execute_json('guest-get-host-name'))['host-name']


@test
def tree(agent, peer):
    _, result = wait(agent.execute_async, 'guest-sync', Json.from_string('{"id": 42}'), None)
    equal(agent.execute_finish(result).get_int(), 42)
    assert agent.execute('guest-get-host-name').get_object().has_member('host-name')


@test
def request(agent, peer):
    asked = Qga.Request(command='guest-sync', timeout=5000, reply_size=4096)
    asked.set_arguments_json(json.dumps({'id': 7}))
    _, result = wait(agent.execute_request_async, asked, None)
    equal(agent.execute_request_finish(result), '7')
    equal(agent.execute_request(asked), '7')
    _, result = wait(agent.execute_unanswered_async, Qga.Request.new('guest-ping'), None)
    equal(agent.execute_unanswered_finish(result), Qga.Acceptance.REPLIED)
    equal(agent.execute_unanswered(Qga.Request.new('guest-ping')), Qga.Acceptance.REPLIED)


@test
def several_at_a_time(agent, peer):
    replies = []
    for number in range(5):
        agent.execute_json_async('guest-sync', json.dumps({'id': number}), None,
                                 lambda source, result: replies.append(int(source.execute_json_finish(result))))
    run_until(lambda: len(replies) == 5)
    equal(replies, [0, 1, 2, 3, 4])


@test
def wide_number(agent, peer):
    equal(call(agent, 'guest-sync', {'id': 2 ** 63 - 1}), 2 ** 63 - 1)
    assert abs(call(agent, 'guest-get-time') / 1e9 - time.time()) < 3600


@test
def process(agent, peer):
    _, result = wait(Qga.Process.spawn_async, agent, ['sh', '-c', 'echo out; echo err >&2; exit 3'], None, None)
    child = Qga.Process.spawn_finish(result)
    _, result = wait(child.communicate_utf8_async, None)
    equal(tuple(child.communicate_utf8_finish(result)), (True, 'out\n', 'err\n'))
    equal((child.get_ended(), child.get_successful()), (True, False))
    equal((child.get_exit_status(), child.get_term_signal()), (3, 0))
    equal((child.get_output_truncated(), child.get_error_output_truncated()), (False, False))
    equal(child.get_argv()[0], 'sh')
    fails(GLib.spawn_exit_error_quark(), 3, child.wait_check)
    _, output, error_output = child.communicate()
    equal((output.get_data(), error_output.get_data()), (b'out\n', b'err\n'))


@test
def process_with_input(agent, peer):
    options = Qga.ProcessOptions(input=GLib.Bytes(b'\x00\xff'), environment=['PATH=/usr/bin:/bin', 'WHO=world'])
    child = Qga.Process.spawn(agent, ['sh', '-c', 'cat; echo $WHO >&2'], options)
    _, output, error_output = child.communicate()
    equal((output.get_data(), error_output.get_data()), (b'\x00\xff', b'world\n'))
    fails(IO, Gio.IOErrorEnum.INVALID_DATA, child.communicate_utf8)
    assert child.wait_check()
    assert child.get_successful()
    options.props.capture = Qga.Capture.NONE
    equal(tuple(Qga.Process.spawn(agent, ['cat'], options).communicate_utf8()), (True, '', ''))


@test
def process_that_is_killed(agent, peer):
    child = Qga.Process.spawn(agent, ['sleep', '1000'])
    results = []
    child.wait_async(None, lambda _, result: results.append(result))
    Qga.Process.spawn(agent, ['kill', '-9', str(child.get_pid())])
    run_until(lambda: results)
    assert child.wait_finish(results[0])
    equal((child.get_exit_status(), child.get_term_signal()), (-1, 9))


@test
def errors(agent, peer):
    domain = Qga.error_quark()
    error = fails(domain, Qga.Error.COMMAND_NOT_FOUND, call, agent, 'guest-nonsense')
    assert 'guest-nonsense' in error.message
    # PyGObject makes errors anew, from domain, code and message
    equal(Qga.error_get_command(error), None)
    fails(domain, Qga.Error.COMMAND_DISABLED, agent.shutdown, Qga.ShutdownMode.HALT)
    fails(domain, Qga.Error.COMMAND_DISABLED, Qga.FreezeGuard.freeze, agent)
    fails(domain, Qga.Error.GENERIC, Qga.Process.spawn, agent, ['/nothing'])
    fails(domain, Qga.Error.GENERIC, Qga.File.open, agent, '/nothing', Qga.FileMode.READ)
    fails(IO, Gio.IOErrorEnum.INVALID_ARGUMENT, agent.execute_json, 'guest-ping', '{nonsense')
    fails(IO, Gio.IOErrorEnum.INVALID_ARGUMENT, Qga.Connection.open, 'nonsense')


@test
def file(agent, peer):
    path = peer.folder + '/file'
    _, result = wait(Qga.File.open_async, agent, path, Qga.FileMode.WRITE_READ, None)
    opened = Qga.File.open_finish(result)
    equal((opened.props.path, opened.props.mode), (path, Qga.FileMode.WRITE_READ))
    source, sink = opened.get_input_stream(), opened.get_output_stream()
    _, result = wait(sink.write_all_async, b'one\ntwo\n', GLib.PRIORITY_DEFAULT, None)
    equal(tuple(sink.write_all_finish(result)), (True, 8))
    assert sink.flush()
    equal(opened.tell(), 8)
    _, result = wait(opened.seek_async, 4, GLib.SeekType.SET, None)
    assert opened.seek_finish(result)
    equal(source.read_bytes(100).get_data(), b'two\n')
    equal(source.read_bytes(100).get_size(), 0)
    assert opened.seek(0, GLib.SeekType.SET)
    lines = Gio.DataInputStream(base_stream=source)
    equal([lines.read_line_utf8()[0] for _ in range(3)], ['one', 'two', None])
    _, result = wait(opened.close_async, GLib.PRIORITY_DEFAULT, None)
    assert opened.close_finish(result)
    with open(path, encoding='utf-8') as local:
        equal(local.read(), 'one\ntwo\n')
    fails(IO, Gio.IOErrorEnum.CLOSED, opened.seek, 0, GLib.SeekType.SET)


@test
def copy(agent, peer):
    source, local = (Gio.File.new_for_path(f'{peer.folder}/{name}') for name in ('source', 'copy'))
    path = peer.folder + '/guest'
    none, overwrite = Gio.FileCopyFlags.NONE, Gio.FileCopyFlags.OVERWRITE
    told, results = [], []

    def tell(current, total, _data):
        told.append((current, total))

    def on_copied(_, result):
        results.append(result)

    with open(source.get_path(), 'wb') as file:
        file.write(b'x' * 200000)
    agent.copy_to_guest_async(source, path, none, progress=tell, cancellable=None, callback=on_copied)
    run_until(lambda: results)
    assert agent.copy_to_guest_finish(results.pop())
    equal(told.pop(), (200000, 200000))
    agent.copy_from_guest_async(path, local, none, GLib.MAXUINT64, progress=tell, cancellable=None, callback=on_copied)
    run_until(lambda: results)
    assert agent.copy_from_guest_finish(results.pop())
    equal(told.pop(), (200000, 200000))
    assert local.load_bytes()[0].equal(source.load_bytes()[0])
    fails(IO, Gio.IOErrorEnum.EXISTS, agent.copy_from_guest, path, local, none, 1000000)
    fails(IO, Gio.IOErrorEnum.NO_SPACE, agent.copy_from_guest, path, local, overwrite, 199999)
    assert agent.copy_from_guest(path, local, overwrite, 200000, progress=tell)
    assert agent.copy_to_guest(source, path, overwrite)


@test
def freeze(agent, peer):
    _, result = wait(Qga.FreezeGuard.query_async, agent, None)
    equal(Qga.FreezeGuard.query_finish(result), Qga.FreezeStatus.THAWED)
    agent.close()
    peer.stop()

    # the mark that an agent leaves when it freezes
    with open(peer.folder + '/qga.state.isfrozen', 'w', encoding='utf-8'):
        peer.start()
    following = Qga.Connection.open(peer.address)
    equal(Qga.FreezeGuard.query(following), Qga.FreezeStatus.FROZEN)
    fails(Qga.error_quark(), Qga.Error.FROZEN, following.execute_json, 'guest-get-osinfo')


@test
def an_agent_that_falls_silent(agent, peer):
    told = []
    agent.connect('notify::responsive', lambda *_: told.append(agent.props.responsive))
    peer.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, int(peer.process.get_identifier()), os.WSTOPPED)
    fails(IO, Gio.IOErrorEnum.TIMED_OUT, agent.execute_request, Qga.Request(command='guest-ping', timeout=50))
    run_until(lambda: told)
    peer.process.send_signal(signal.SIGCONT)
    equal(call(agent, 'guest-ping'), {})
    run_until(lambda: len(told) == 2)
    equal(told, [False, True])
    equal(agent.get_generation(), 1)


@test
def cancel(agent, peer):
    cancellable = Gio.Cancellable()
    results = []
    agent.execute_json_async('guest-ping', None, cancellable, lambda _, result: results.append(result))
    cancellable.cancel()
    run_until(lambda: results)
    fails(IO, Gio.IOErrorEnum.CANCELLED, agent.execute_json_finish, results[0])
    equal(call(agent, 'guest-ping'), {})


@test
def close(agent, peer):
    end = watch_end(agent)
    _, result = wait(agent.close_async, None)
    assert agent.close_finish(result)
    run_until(lambda: end)
    equal(end, [None])
    fails(IO, Gio.IOErrorEnum.CLOSED, agent.execute_json, 'guest-ping')
    equal(Qga.Connection.open(peer.address).execute_json('guest-ping'), '{}')


@test
def sudden_end(agent, peer):
    end = watch_end(agent)
    peer.process.force_exit()
    run_until(lambda: end)
    assert end[0].matches(IO, Gio.IOErrorEnum.CLOSED)
    fails(IO, Gio.IOErrorEnum.CLOSED, agent.execute_json, 'guest-ping')


@test
def options(agent, peer):
    agent.close()
    chosen = Qga.OpenOptions(limits=Qga.Limits(pending_calls=5), default_timeout=1234, grace=100)
    following = Qga.Connection.open(peer.address, chosen)
    equal(following.props.default_timeout, 1234)
    equal(following.props.limits.props.pending_calls, 5)
    fails(IO, Gio.IOErrorEnum.NOT_FOUND, Qga.Connection.open, peer.folder + '/nothing', Qga.OpenOptions(retry=False))


def connect(address):
    source, result = wait(Qga.Connection.open_async, address, None, None)
    equal(source, None)
    return Qga.Connection.open_finish(result)


sys.exit(run_all('START_AGENT', connect))
