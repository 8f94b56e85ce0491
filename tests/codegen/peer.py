# SPDX-License-Identifier: LGPL-2.1-or-later
"""The far ends of connections: they note what they are told, and refuse it."""

import json
import re
import threading

REFUSAL = 'it is not wanted here'  # no sample is a part of this: secrets would be masked


class Peer(threading.Thread):
    """Reads values of JSON, with or without anything between them."""

    def __init__(self, end):
        super().__init__(daemon=True)
        self.socket = end
        self.heard = []

    def say(self, message, ahead=b''):
        """One line."""
        self.socket.sendall(ahead + json.dumps(message).encode() + b'\n')

    def read(self):
        """Each message; one that has not come as a whole is tried again with more. File descriptors are dropped."""
        decoder, text, data = json.JSONDecoder(), '', b''
        while chunk := self.socket.recv(1 << 16):
            data += chunk.replace(b'\xff', b'')
            try:
                text, data = text + data.decode(), b''
            except UnicodeDecodeError:
                continue
            while text := text.lstrip():
                try:
                    message, end = decoder.raw_decode(text)
                except json.JSONDecodeError:
                    break
                text = text[end:]
                yield message

    def run(self):
        """Until the connection is closed."""
        self.greet()
        for message in self.read():
            self.heard.append(message)
            self.answer(message, {'id': message['id']} if 'id' in message else {})
        self.socket.close()

    def greet(self):
        """What comes before all else."""

    def answer(self, message, echo):
        """What comes back."""
        self.say({'error': {'class': 'GenericError', 'desc': REFUSAL}, **echo})

    def forget(self):
        """Whatever came until now."""
        self.heard.clear()

    def find(self, name):
        """What came with a command since then."""
        return [message.get('arguments', {}) for message in self.heard if message['execute'] == name]


class Monitor(Peer):
    """QEMU's end."""

    negotiated = False

    def greet(self):
        version = {'qemu': {'major': 10, 'minor': 0, 'micro': 0}, 'package': ''}
        self.say({'QMP': {'version': version, 'capabilities': ['oob']}})

    def answer(self, message, echo):
        if self.negotiated:
            super().answer(message, echo)
        else:
            self.negotiated = True
            self.say({'return': {}, **echo})


class Agent(Peer):
    """The guest's end; commands by their names, and whether they are answered."""

    def __init__(self, end, commands):
        super().__init__(end)
        self.commands = commands

    def answer(self, message, echo):
        if re.match('guest-sync', message['execute']):
            self.say({'return': message['arguments']['id'], **echo}, b'\xff' if message['execute'].endswith('delimited') else b'')
        elif message['execute'] == 'guest-info':
            listed = [{'name': name, 'enabled': True, 'success-response': answered} for name, answered in self.commands.items()]
            self.say({'return': {'version': '10.0.0', 'supported_commands': listed}, **echo})
        else:
            super().answer(message, echo)
