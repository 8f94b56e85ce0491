# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Agents for the tests of qgactl: a real one without a guest, one that says what a
# test tells it to say, and the one of a real guest.
import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading

from harness import LONGEST, Peer, Tool, is_listening, wait_until


class RealAgent(Peer):
    """A qemu-ga, and qgactl at its socket."""

    def __init__(self):
        super().__init__('START_AGENT')

    def __enter__(self):
        super().__enter__()
        self.qgactl = Tool('QGACTL', self.address)
        return self


class Refusal(Exception):
    """What an answer raises to refuse."""


class FakeAgent:
    """Answers as `answers` says: NAME to what it returns, or to a function of the
    arguments, or to a Refusal.  Bytes go out as they are, as the value of
    "return".  What it heard is in `heard`, as pairs of a name and arguments."""

    version = '10.0.0'

    def __init__(self, **answers):
        self.answers = {name.replace('_', '-'): answer for name, answer in answers.items()}
        self.heard = []
        self.changed = threading.Condition()

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='tools-')
        self.address = self.folder + '/socket'
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.address)
        self.listener.listen()
        self.qgactl = Tool('QGACTL', self.address)
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=[client], daemon=True).start()

    def talk(self, client):
        buffer = b''
        # a client may go with an answer unread
        with client, contextlib.suppress(ConnectionResetError):
            while data := client.recv(65536):
                *lines, buffer = (buffer + data).split(b'\n')
                for line in lines:
                    if line.strip(b'\xff\r '):
                        self.reply(client, json.loads(line.replace(b'\xff', b'')))

    def reply(self, client, command):
        name, arguments = command['execute'], command.get('arguments', {})
        with self.changed:
            self.heard.append((name, arguments))
            self.changed.notify_all()
        try:
            result = self.answer(name, arguments)
        except Refusal as refusal:
            error = {'class': 'GenericError', 'desc': str(refusal)}
            self.send(client, b'{"error": %s, "id": %s}' % (json.dumps(error).encode(), json.dumps(command.get('id')).encode()))
            return
        if result is None:
            return
        text = result if isinstance(result, bytes) else json.dumps(result).encode()
        id = b', "id": ' + json.dumps(command['id']).encode() if 'id' in command else b''
        self.send(client, (b'\xff' if name == 'guest-sync-delimited' else b'') + b'{"return": ' + text + id + b'}')

    def send(self, client, line):
        try:
            client.sendall(line + b'\n')
        except OSError:
            pass

    def answer(self, name, arguments):
        """What is returned; None is silence."""
        if name in ('guest-sync', 'guest-sync-delimited'):
            return arguments['id']
        if name in self.answers:
            answer = self.answers[name]
            if isinstance(answer, Refusal):
                raise answer
            return answer(arguments) if callable(answer) else answer
        if name == 'guest-ping':
            return {}
        if name == 'guest-info':
            return {'version': self.version, 'supported_commands': [
                {'name': each, 'enabled': True, 'success-response': not each.startswith(('guest-shutdown', 'guest-suspend'))}
                for each in ['guest-ping', 'guest-info', 'guest-sync', 'guest-sync-delimited', *self.answers]]}
        raise Refusal(f'The command {name} has not been found')

    def wait_for(self, name):
        """Until it has heard that; gives its arguments."""
        with self.changed:
            if not self.changed.wait_for(lambda: name in dict(self.heard), LONGEST):
                raise AssertionError(f'{name} was not heard in {self.heard}')
            return dict(self.heard)[name]


class Guest:
    """A small Linux guest, and qgactl at its agent's socket.  It boots in some
    seconds."""

    def __enter__(self):
        guest = os.environ.get('GUEST')
        if not guest:
            raise AssertionError('there is no guest to boot: run tools/guest/build FOLDER, and set GUEST to FOLDER')
        self.folder = tempfile.mkdtemp(prefix='tools-')
        self.address, self.console = self.folder + '/agent', self.folder + '/console'
        self.process = subprocess.Popen(
            ['setpriv', '--pdeathsig', 'KILL', os.environ['RUN_GUEST'], guest, self.folder + '/qmp', self.address],
            stdin=subprocess.DEVNULL, env={**os.environ, 'WAIT': 'off', 'CONSOLE': self.console})
        self.qgactl = Tool('QGACTL', self.address)
        try:
            wait_until(lambda: self.process.poll() is not None or is_listening(self.address))
            self.qgactl.run('ping', '--timeout', '55')
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
