# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A QEMU that answers what it is told to, however mad that is.
import json
import os
import shutil
import socket
import tempfile
import threading

VERSION = {'qemu': {'major': 9, 'minor': 9, 'micro': 9}, 'package': ''}


class Refused(Exception):
    """What a command is refused with: a class and a description."""

    def __init__(self, description, name='GenericError'):
        super().__init__(description)
        self.error = {'class': name, 'desc': description}


class FakeQemu:
    """Answers on a socket, one client after another. `answers` has, for each
    command, what it returns, or a function of its arguments that makes that;
    what is in `raw` is sent as it is. After the command `last` it hangs up."""

    def __init__(self, answers, package='', raw=None, last=None):
        self.answers, self.package, self.raw, self.last = answers, package, raw or {}, last
        self.events = {}  # what comes after a command's reply: names and data
        self.commands = []

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='tools-')
        self.address = self.folder + '/socket'
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.address)
        self.listener.listen()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        shutil.rmtree(self.folder, ignore_errors=True)

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client:
                try:
                    self.talk(client)
                except OSError:
                    pass

    def talk(self, client):
        version = {**VERSION, 'package': self.package}
        send(client, {'QMP': {'version': version, 'capabilities': []}})
        for request in receive(client):
            self.commands.append((request['execute'], request.get('arguments', {})))
            if request['execute'] in self.raw:
                client.sendall(self.raw[request['execute']].replace('ID', json.dumps(request['id'])).encode() + b'\r\n')
            else:
                send(client, {'id': request['id'], **self.answer(*self.commands[-1])})
            for name, data in self.events.get(request['execute'], []):
                send(client, {'event': name, 'data': data, 'timestamp': {'seconds': 1, 'microseconds': 2}})
            if request['execute'] == self.last:
                return

    def answer(self, command, arguments):
        if command == 'qmp_capabilities':
            return {'return': {}}
        if command not in self.answers:
            return {'error': {'class': 'CommandNotFound', 'desc': f'The command {command} has not been found'}}
        answer = self.answers[command]
        try:
            return {'return': answer(arguments) if callable(answer) else answer}
        except Refused as refused:
            return {'error': refused.error}


def receive(client):
    """Requests stand one behind another, with nothing between them."""
    text = ''
    while chunk := client.recv(65536):
        text += chunk.decode()
        while text:
            try:
                request, end = json.JSONDecoder().raw_decode(text)
            except json.JSONDecodeError:
                break
            text = text[end:].lstrip()
            yield request


def send(client, message):
    client.sendall(json.dumps(message).encode() + b'\r\n')


def list_of(directory):
    """Makes of a path's properties what qom-list takes and gives."""
    return lambda arguments: directory[arguments['path']] if arguments['path'] in directory else fail('No such path')


def fail(description, name='GenericError'):
    raise Refused(description, name)
