# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What the tests of the tools share: TAP, the programs at the far end, and running
# a tool as a user does.
import json
import os
import shutil
import subprocess
import tempfile
import time
import traceback

# For what cannot take long, on a machine that has a lot to do.
LONGEST = 60

tests = []


def test(body):
    tests.append(body)
    return body


def equal(found, expected):
    if found != expected:
        raise AssertionError(f'expected {expected!r}, found {found!r}')


def contains(text, *parts):
    for part in parts:
        if part not in text:
            raise AssertionError(f'expected {part!r} in {text!r}')


class Outcome:
    """How a tool ended, and what it said."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def __repr__(self):
        return f'status {self.status}, output {self.out!r}, errors {self.err!r}'

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return self.out.splitlines()


class Tool:
    """A tool at an address."""

    def __init__(self, program, address=None):
        self.program, self.address = os.environ[program], address

    def command(self, *words):
        return [self.program] + ([self.address] if self.address else []) + [str(word) for word in words]

    def start(self, *words, **options):
        """Leaves it running: a subprocess.Popen with pipes."""
        return subprocess.Popen(self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                **{'stdin': subprocess.DEVNULL, 'text': True, **options})

    def try_run(self, *words, input=None, env=None):
        process = subprocess.run(self.command(*words), input=input, capture_output=True, timeout=LONGEST, text=True,
                                 errors='surrogateescape', env={**os.environ, **(env or {})},
                                 **({} if input is not None else {'stdin': subprocess.DEVNULL}))
        return Outcome(process.returncode, process.stdout, process.stderr)

    def run(self, *words, **options):
        """It has to succeed, and to have nothing to complain of."""
        outcome = self.try_run(*words, **options)
        if outcome.status != 0 or outcome.err != '':
            raise AssertionError(f'{words}: {outcome}')
        return outcome

    def fail(self, status, *words, **options):
        """It has to fail like that, in one line that begins with its name."""
        outcome = self.try_run(*words, **options)
        name = os.path.basename(self.program)
        if outcome.status != status or not outcome.err.startswith(name + ': '):
            raise AssertionError(f'{words}: expected status {status}: {outcome}')
        return outcome


class Peer:
    """A program that listens on a socket, in a folder of its own, which is
    FOLDER in its options."""

    def __init__(self, starter, *options):
        self.starter, self.options = os.environ[starter], options

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='tools-')
        self.address = self.folder + '/socket'
        options = [option.replace('FOLDER', self.folder) for option in self.options]
        self.process = subprocess.Popen([*self.get_command(), *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            wait_until(lambda: self.process.poll() is not None or is_listening(self.address))
            if self.process.poll() is not None:
                raise AssertionError(f'{self.starter} ended with status {self.process.returncode}')
        except BaseException:
            self.__exit__()
            raise
        return self

    def get_command(self):
        return [self.starter, self.address]

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def is_listening(path):
    """A socket has its name before it listens; and a client would be its first."""
    with open('/proc/net/unix', encoding='utf-8', errors='replace') as sockets:
        # address, references, protocol, flags, type, state, inode, path
        return any(line.endswith(' ' + path + '\n') and line.split()[3] == '00010000' for line in sockets)


class Machine(Peer):
    """A QEMU with a machine that stands still, and qmpctl at its monitor; it
    takes any number of clients, one after another."""

    def __init__(self, *options):
        super().__init__('START_QEMU', '-M', 'pc', '-S', *options)

    def __enter__(self):
        super().__enter__()
        self.qmpctl = Tool('QMPCTL', self.address)
        return self


class Guest(Machine):
    """A guest that runs from its first client on; its power button works once
    it has said VSERPORT_CHANGE."""

    def __init__(self, *options):
        Peer.__init__(self, 'RUN_GUEST', *options)

    def get_command(self):
        return ['setpriv', '--pdeathsig', 'KILL', self.starter, os.environ['GUEST'], self.address, self.folder + '/agent']


def wait_until(condition):
    """For what nothing tells of."""
    end = time.monotonic() + LONGEST
    while not condition():
        if time.monotonic() > end:
            raise AssertionError('it did not come to that')
        time.sleep(0.01)


def run_all(make):
    """Each with what `make ()` gives, which is for `with`."""
    failed = 0
    print(f'1..{len(tests)}')
    for number, body in enumerate(tests, 1):
        try:
            with make() as fixture:
                body(fixture)
            print(f'ok {number} {body.__name__}', flush=True)
        except Exception:  # a test may fail in any way
            failed += 1
            print(f'not ok {number} {body.__name__}')
            print('# ' + traceback.format_exc().replace('\n', '\n# '), flush=True)
    return 0 if failed == 0 else 1
