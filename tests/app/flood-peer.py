# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: flood-peer.py FOLDER

Plays two QEMUs that tell of events as fast as their clients take them, at
FOLDER/flood.sock and, less often, at FOLDER/second.sock; and two agents:
flood.agent.sock takes a client and never answers, second.agent.sock dribbles what
nobody understands.
"""
import json
import queue
import socket
import sys
import threading
import time

ANSWERS = {
    'query-status': {'status': 'running', 'running': True, 'singlestep': False},
    'query-block': [{'device': 'disk0', 'locked': False, 'removable': False, 'type': 'unknown'}],
    'query-jobs': [{'id': 'job0', 'type': 'mirror', 'status': 'running', 'current-progress': 1, 'total-progress': 3}],
    'query-block-jobs': [],
    'query-cpus-fast': [],
    'query-memory-size-summary': {'base-memory': 1024},
    'query-kvm': {'enabled': False, 'present': False},
    'qom-list': [{'name': 'agent0', 'type': 'child<virtserialport>'}],
    'qom-get': 'org.qemu.guest_agent.0',
}
VERSION = {'qemu': {'major': 9, 'minor': 9, 'micro': 9}, 'package': ''}
EVENTS = [
    ('BLOCK_IO_ERROR', {'device': 'disk0', 'node-name': '#block1', 'operation': 'write', 'action': 'report',
                        'reason': 'Input/output error <b>\u202e&amp;' * 4}),
    ('RTC_CHANGE', {'offset': 1, 'qom-path': '/machine/rtc'}),
    ('VSERPORT_CHANGE', {'id': 'agent0', 'open': True}),
    ('JOB_STATUS_CHANGE', {'id': 'job0', 'status': 'running'}),
    ('WATCHDOG', {'action': 'none'}),
    ('DEVICE_TRAY_MOVED', {'device': 'disk0', 'id': 'disk0', 'tray-open': False}),
    ('STOP', {}),
    ('RESUME', {}),
]
# so many follow one that says how many there were
BATCH = 256


def write_event(name, data):
    now = time.time()
    event = {'timestamp': {'seconds': int(now), 'microseconds': int(now % 1 * 1e6)}, 'event': name, 'data': data}
    return json.dumps(event).encode() + b'\r\n'


def receive(client):
    """Commands as they come; nothing needs to stand between them."""
    text = ''
    while data := client.recv(65536):
        text = (text + data.decode()).lstrip()
        while text:
            try:
                request, end = json.JSONDecoder().raw_decode(text)
            except ValueError:
                break
            text = text[end:].lstrip()
            yield request


class Qemu:
    """One client; `pause` is what is between two batches of events."""

    def __init__(self, client, name, pause):
        self.client, self.name, self.pause = client, name, pause
        self.replies = queue.SimpleQueue()
        self.emitted = 0

    def talk(self):
        # a blocking socket: who does not read holds us up
        self.client.sendall(json.dumps({'QMP': {'version': VERSION, 'capabilities': []}}).encode() + b'\r\n')
        threading.Thread(target=self.write, daemon=True).start()
        for request in receive(self.client):
            reply = json.dumps({**self.answer(request['execute']), 'id': request['id']})
            self.replies.put(reply.encode() + b'\r\n')

    def answer(self, command):
        if command == 'qmp_capabilities':
            return {'return': {}}
        if command == 'query-name':
            return {'return': {'name': self.name}}
        if command in ANSWERS:
            return {'return': ANSWERS[command]}
        return {'error': {'class': 'CommandNotFound', 'desc': f'There is no {command}'}}

    def write(self):
        """Replies between the batches, and first of all that of the negotiation."""
        batch, made = b'', 0
        try:
            self.client.sendall(self.replies.get())
            while True:
                if time.monotonic() > made + 1:
                    batch, made = b''.join(write_event(*EVENTS[i % len(EVENTS)]) for i in range(BATCH)), time.monotonic()
                while not self.replies.empty():
                    self.client.sendall(self.replies.get())
                self.emitted += BATCH + 1
                self.client.sendall(write_event('FLOOD', {'emitted': self.emitted}) + batch)
                time.sleep(self.pause)
        except OSError:
            pass


def dribble(client):
    try:
        while True:
            client.sendall(b'{"return": [\xff"')
            time.sleep(0.001)
    except OSError:
        pass


def listen(path, serve):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()

    def accept():
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve_one, args=[client], daemon=True).start()

    def serve_one(client):
        try:
            serve(client)
        except OSError:
            pass  # it has gone

    threading.Thread(target=accept, daemon=True).start()


def main():
    folder = sys.argv[1]
    kept = []
    listen(folder + '/flood.sock', lambda client: Qemu(client, 'flood', 0).talk())
    listen(folder + '/second.sock', lambda client: Qemu(client, 'second', 0.01).talk())
    listen(folder + '/flood.agent.sock', kept.append)
    listen(folder + '/second.agent.sock', dribble)
    threading.Event().wait()


main()
