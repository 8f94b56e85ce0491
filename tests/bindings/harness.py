# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What the tests in Python share: TAP, the programs they talk to, and waiting.
import os
import shutil
import tempfile
import traceback

from gi.repository import Gio, GLib

tests = []


def test(body):
    tests.append(body)
    return body


def equal(found, expected):
    if found != expected:
        raise AssertionError(f'expected {expected!r}, found {found!r}')


def fails(domain, code, function, *arguments):
    try:
        value = function(*arguments)
    except GLib.Error as error:
        if not error.matches(domain, code):
            raise
        return error
    raise AssertionError(f'expected a failure, found {value!r}')


class Peer:
    """A program that listens on a socket, in a folder of its own."""

    def __init__(self, starter, *options):
        self.starter = os.environ[starter]
        self.options = options

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='bindings-')
        self.address = self.folder + '/socket'
        self.start()
        return self

    def start(self):
        self.process = Gio.Subprocess.new([self.starter, self.address, *self.options],
                                          Gio.SubprocessFlags.STDOUT_SILENCE)

    def stop(self):
        self.process.force_exit()
        self.process.wait(None)

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder)


def run_until(condition):
    """Runs the main loop until there is something."""
    context = GLib.MainContext.default()
    while not condition():
        context.iteration(True)


def wait(start, *arguments):
    """Starts an operation, and runs the main loop until its callback."""
    results = []
    start(*arguments, lambda source, result: results.append((source, result)))
    run_until(lambda: results)
    return results[0]


def watch_end(connection):
    end = []
    connection.connect('closed', lambda _, error: end.append(error))
    return end


def run_each(run):
    """Each test in the way that is given."""
    failed = 0
    print(f'1..{len(tests)}')
    for number, body in enumerate(tests, 1):
        try:
            run(body)
            print(f'ok {number} {body.__name__}', flush=True)
        except Exception:  # a test may fail in any way
            failed += 1
            print(f'not ok {number} {body.__name__}')
            print('# ' + traceback.format_exc().replace('\n', '\n# '), flush=True)
    return 0 if failed == 0 else 1


def run_all(starter, connect):
    """Each with a peer and a connection to it."""
    def run(body):
        with Peer(starter) as peer:
            body(connect(peer.address), peer)

    return run_each(run)
