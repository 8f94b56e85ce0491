# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real programs, and what they say of themselves.

They are those of $QEMU, $QEMU_STORAGE_DAEMON and $QEMU_GA, otherwise those in
PATH.
"""

import json
import os
import socket
import subprocess
import tempfile
import time


def program(variable, otherwise):
    """A program from the environment."""
    return os.environ.get(variable) or otherwise


def ask_for_schema(*arguments):
    """Runs a program that speaks QMP on its standard streams: its schema and its version."""
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        version = None
        try:
            server.stdin.write('{"execute":"qmp_capabilities"}{"execute":"query-qmp-schema"}')
            server.stdin.flush()
            for line in server.stdout:
                reply = json.loads(line)
                version = reply['QMP']['version']['qemu'] if 'QMP' in reply else version
                if isinstance(reply.get('return'), list):
                    return reply['return'], (version['major'], version['minor'])
        finally:
            server.kill()
    raise AssertionError(f'{arguments[0]} gave no schema')


def ask_qemu():
    """The emulator's."""
    return ask_for_schema(program('QEMU', 'qemu-system-x86_64'), '-machine', 'none', '-nodefaults', '-display', 'none',
                          '-qmp', 'stdio')


def qemu_schema():
    """The emulator's, without its version."""
    return ask_qemu()[0]


def storage_daemon_schema():
    """The storage daemon's."""
    daemon = program('QEMU_STORAGE_DAEMON', 'qemu-storage-daemon')
    return ask_for_schema(daemon, '--chardev', 'stdio,id=monitor', '--monitor', 'chardev=monitor')[0]


def ask_agent(folder):
    """What guest-info says."""
    path = f'{folder}/agent'
    arguments = [program('QEMU_GA', 'qemu-ga'), '-m', 'unix-listen', '-p', path, '-t', folder, '-l', '/dev/null']
    with subprocess.Popen(arguments, stdin=subprocess.DEVNULL) as agent, socket.socket(socket.AF_UNIX) as client:
        try:
            while client.connect_ex(path) != 0:
                assert agent.poll() is None, f'{arguments[0]} has ended'
                time.sleep(0.001)
            client.sendall(b'{"execute":"guest-info"}\n')
            with client.makefile() as replies:
                return json.loads(replies.readline())['return']['supported_commands']
        finally:
            agent.kill()


def agent_commands():
    """Of an agent of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return ask_agent(folder)
