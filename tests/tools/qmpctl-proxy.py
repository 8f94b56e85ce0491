# SPDX-License-Identifier: LGPL-2.1-or-later
#
# One monitor, many clients.
import json
import os
import signal
import socket
import sys
import tempfile

from harness import LONGEST, Peer, Tool, contains, equal, run_all, test


class Client:
    """A client that says what it likes."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(LONGEST)
        self.socket.connect(address)
        self.file = self.socket.makefile('rb')
        self.events = []
        self.greeting = self.read()
        self.ask('qmp_capabilities')

    def read(self):
        return json.loads(self.file.readline())

    def send(self, message):
        self.socket.sendall(json.dumps(message).encode() + b'\n')

    def reply(self):
        """The next that is no event."""
        while True:
            message = self.read()
            if 'event' not in message:
                return message
            self.events.append(message)

    def ask(self, command, **arguments):
        self.send({'execute': command, 'arguments': arguments})
        return self.reply()

    def wait_for_event(self, name):
        while True:
            message = self.events.pop(0) if self.events else self.read()
            if message.get('event') == name:
                return message


class Shared(Peer):
    """A QEMU whose monitor is shared at two sockets, one of them for questions alone."""

    def __init__(self):
        super().__init__('START_QEMU')

    def __enter__(self):
        super().__enter__()
        self.all, self.some = self.folder + '/all', self.folder + '/some'
        self.proxy = Tool('QMPCTL', self.address).start('proxy', self.all, f'{self.some}=query-*,qom-get')
        equal([self.proxy.stdout.readline() for _ in range(2)], [f'{self.all}\n', f'{self.some}\n'])
        self.qmpctl = Tool('QMPCTL', self.all)
        return self

    def __exit__(self, *_):
        self.proxy.kill()
        self.proxy.communicate()
        super().__exit__()

    def ends(self, status):
        _, errors = self.proxy.communicate(timeout=LONGEST)
        equal((self.proxy.returncode, errors), (status, ''))


@test
def clients_do_not_notice(shared):
    clients = [Client(shared.all) for _ in range(3)]
    equal({json.dumps(client.greeting) for client in clients}, {json.dumps(clients[0].greeting)})
    # while others are connected
    equal(shared.qmpctl.run('call', 'query-name').out, '{}\n')
    version = shared.qmpctl.run('call', '--json', 'query-version').json
    equal(clients[0].greeting['QMP']['version']['qemu'], version['qemu'])


@test
def replies_go_to_who_asked(shared):
    one, two = Client(shared.all), Client(shared.some)
    for client in (one, two):
        # the same ids, of any kind
        client.send({'execute': 'query-name', 'id': {'a': [1]}})
        client.send({'execute': 'query-status', 'id': 7})
    for client in (one, two):
        equal(client.reply(), {'return': {}, 'id': {'a': [1]}})
        equal(client.reply()['id'], 7)


@test
def events_go_to_all(shared):
    clients = [Client(shared.all), Client(shared.some), Client(shared.all)]
    shared.qmpctl.run('call', 'stop')
    told = [client.wait_for_event('STOP') for client in clients]
    equal(told[0], told[1])
    equal(told[0], told[2])
    equal(sorted(told[0]['timestamp']), ['microseconds', 'seconds'])


@test
def what_is_not_allowed_is_refused(shared):
    watcher = Tool('QMPCTL', shared.some)
    equal(watcher.run('call', '--json', 'query-status').json['running'], True)
    contains(watcher.fail(1, 'call', 'stop').err, 'stop', 'not allowed')
    contains(watcher.fail(1, 'call', 'qom-set', 'path=/', 'property=x', 'value=1').err, 'not allowed')
    equal(watcher.run('call', '--json', 'query-status').json['running'], True)


@test
def errors_are_those_of_qemu(shared):
    reply = Client(shared.all).ask('qom-get', path='/nowhere', property='x')
    equal((reply['error']['class'], '/nowhere' in reply['error']['desc']), ('DeviceNotFound', True))
    equal(Client(shared.all).ask('nonsense')['error']['class'], 'CommandNotFound')


@test
def a_client_that_dies_disturbs_nobody(shared):
    stays = Client(shared.all)
    for part in (b'', b'{"execute": "qu', b'{"execute": "query-name"}' * 100, b'\xff\x00nonsense', b'{' * 100000):
        dies = Client(shared.all)
        dies.socket.sendall(part)
        dies.socket.close()
        equal(stays.ask('query-name'), {'return': {}})


@test
def files_are_passed_on(shared):
    client = Client(shared.all)
    with tempfile.TemporaryFile() as file:
        socket.send_fds(client.socket, [b'{"execute": "getfd", "arguments": {"fdname": "a-file"}}'], [file.fileno()])
        equal(client.reply(), {'return': {}})
    equal(client.ask('closefd', fdname='a-file'), {'return': {}})
    equal(client.ask('closefd', fdname='a-file')['error']['class'], 'GenericError')


@test
def it_ends_with_qemu(shared):
    client = Client(shared.all)
    equal(client.ask('quit'), {'return': {}})
    equal(client.wait_for_event('SHUTDOWN')['data']['reason'], 'host-qmp-quit')
    equal(client.file.readline(), b'')
    shared.ends(0)
    equal([os.path.exists(path) for path in (shared.all, shared.some)], [False, False])


@test
def an_interrupt_ends_it(shared):
    client = Client(shared.all)
    shared.proxy.send_signal(signal.SIGINT)
    equal(client.file.readline(), b'')
    shared.ends(0)
    equal(os.path.exists(shared.all), False)
    # QEMU is there for others
    equal(Tool('QMPCTL', shared.address).run('call', 'query-name').out, '{}\n')


@test
def where_it_cannot_listen_it_says_so(shared):
    contains(shared.qmpctl.fail(1, 'proxy', shared.all).err, shared.all)
    contains(shared.qmpctl.fail(1, 'proxy', '/nowhere/socket').err, '/nowhere/socket')
    contains(shared.qmpctl.fail(1, 'proxy', 'vsock:1:2').err, 'vsock')


sys.exit(run_all(Shared))
