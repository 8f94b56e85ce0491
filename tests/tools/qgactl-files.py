# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Files of the guest, which is this machine.
import os
import random
import signal
import stat
import subprocess
import sys

from agents import FakeAgent, RealAgent
from harness import LONGEST, contains, equal, run_all, test, wait_until
from terminal import Terminal

BYTES = random.Random(1).randbytes(300000)


class Files(RealAgent):
    """A folder in the guest, and one here."""

    def __enter__(self):
        super().__enter__()
        self.there, self.here = self.folder + '/there', self.folder + '/here'
        for folder in (self.there, self.here):
            os.mkdir(folder)
        self.write(self.there + '/data', BYTES)
        return self

    @staticmethod
    def write(path, data):
        with open(path, 'wb') as file:
            file.write(data)

    @staticmethod
    def read(path):
        with open(path, 'rb') as file:
            return file.read()

    @property
    def open_files(self):
        """What the agent has open."""
        folder = f'/proc/{self.process.pid}/fd'
        return [os.readlink(f'{folder}/{number}') for number in os.listdir(folder)]


@test
def cat_prints_files_as_they_are(files):
    files.write(files.there + '/more', b'\033[2J\xff\n')
    process = subprocess.run(files.qgactl.command('cat', files.there + '/data', files.there + '/more'), capture_output=True,
                             timeout=LONGEST)
    equal((process.returncode, process.stdout == BYTES + b'\033[2J\xff\n', process.stderr), (0, True, b''))
    contains(files.qgactl.fail(1, 'cat', '/no/such/file').err, '/no/such/file')
    contains(files.qgactl.fail(2, 'cat', '--json', '/etc/passwd').err, 'JSON')


@test
def cat_keeps_a_terminal_from_harm(files):
    # a character, and the end of a line, that two pieces share
    text = b'x' * (65536 - 2) + '\u20ac'.encode() + b'y' * (65536 - 2) + b'\r\n\033[2J'
    files.write(files.there + '/text', text)
    with Terminal(files.qgactl, 'cat', files.there + '/text') as terminal:
        shown = terminal.ends(0)
    equal(shown == 'x' * (65536 - 2) + '\u20ac' + 'y' * (65536 - 2) + '\r\n\\x1b[2J', True)


@test
def a_reader_that_goes_is_no_failure_to_tell_of(files):
    with open(files.there + '/long', 'wb') as file:
        file.truncate(50 << 20)
    process = files.qgactl.start('cat', file.name, text=False)
    process.stdout.read(10)
    process.stdout.close()
    equal((process.wait(LONGEST) != 0, process.stderr.read()), (True, b''))


@test
def get_copies_to_a_file_or_into_a_folder(files):
    for words, path in (([files.here + '/copy'], '/copy'), ([files.here], '/data'), ([files.here + '/'], '/data')):
        if os.path.exists(files.here + path):
            os.unlink(files.here + path)
        equal(files.qgactl.run('get', files.there + '/data', *words).out, '')
        equal(files.read(files.here + path) == BYTES, True)
        equal(stat.S_IMODE(os.stat(files.here + path).st_mode), 0o600)
    equal(files.qgactl.run('get', '-j', files.there + '/data', files.here + '/json').out, '{"bytes":300000}\n')


@test
def get_replaces_only_if_told(files):
    target = files.here + '/target'
    files.write(target, b'precious')
    contains(files.qgactl.fail(1, 'get', files.there + '/data', target).err, target, '--force')
    equal(files.read(target), b'precious')
    files.qgactl.run('get', '--force', files.there + '/data', target)
    equal(files.read(target) == BYTES, True)


@test
def get_takes_no_more_than_it_may(files):
    contains(files.qgactl.fail(1, 'get', '--max-size', '200K', files.there + '/data', files.here).err, '204800 bytes')
    equal(os.listdir(files.here), [])
    files.qgactl.run('get', '--max-size', '300000', files.there + '/data', files.here)
    contains(files.qgactl.fail(2, 'get', '--max-size', 'much', files.there + '/data').err, '--max-size')
    contains(files.qgactl.fail(2, 'get', '/etc/', files.here).err, '"/etc/"')


@test
def an_interrupted_get_leaves_nothing(files):
    process = files.qgactl.start('get', '/dev/zero', files.here)
    wait_until(lambda: '/dev/zero' in files.open_files)
    process.send_signal(signal.SIGINT)
    equal((process.communicate(timeout=LONGEST), process.returncode), (('', ''), 130))
    equal((os.listdir(files.here), '/dev/zero' in files.open_files), ([], False))


@test
def put_copies_to_a_file_or_into_a_folder(files):
    files.write(files.here + '/mine', BYTES)
    equal(files.qgactl.run('put', files.here + '/mine', files.there + '/yours').out, '')
    equal(files.read(files.there + '/yours') == BYTES, True)
    equal(files.qgactl.run('put', '-j', files.here + '/mine', files.there + '/').out, '{"bytes":300000}\n')
    equal(files.read(files.there + '/mine') == BYTES, True)


@test
def put_replaces_only_if_told(files):
    files.write(files.here + '/mine', b'new')
    contains(files.qgactl.fail(1, 'put', files.here + '/mine', files.there + '/data').err, files.there + '/data', '--force')
    contains(files.qgactl.fail(1, 'put', '-', files.there + '/data', input='x').err, files.there + '/data', '--force')
    equal(files.read(files.there + '/data') == BYTES, True)
    files.qgactl.run('put', '-f', files.here + '/mine', files.there + '/data')
    equal(files.read(files.there + '/data'), b'new')


@test
def put_takes_standard_input(files):
    files.qgactl.run('put', '-', files.there + '/typed', input='line\n' * 50000)
    equal(files.read(files.there + '/typed') == b'line\n' * 50000, True)


@test
def an_interrupted_put_says_what_is_left(files):
    process = files.qgactl.start('put', '-', files.there + '/part', stdin=subprocess.PIPE)
    process.stdin.write('x' * (1 << 20))
    process.stdin.flush()
    wait_until(lambda: os.path.exists(files.there + '/part') and os.path.getsize(files.there + '/part') > 200000)
    process.send_signal(signal.SIGINT)
    # its end of the pipe stays open: it is not the end of input that ends it
    equal(process.wait(LONGEST), 130)
    contains(process.stderr.read(), 'left in the guest', files.there + '/part')
    equal(files.there + '/part' in files.open_files, False)
    process.stdin.close()


@test
def progress_is_shown_on_a_terminal(files):
    with open(files.there + '/large', 'wb') as file:
        file.truncate(40 << 20)
    with Terminal(files.qgactl, 'get', file.name, files.here) as terminal:
        text = terminal.ends(0)
    contains(text, 'large [', '%', ' of 40.0 MiB', '/s', '\r\033[K')
    equal(os.path.getsize(files.here + '/large'), 40 << 20)


@test
def a_guest_that_goes_on_for_ever_is_no_harm(_files):
    with FakeAgent(guest_file_open=3, guest_file_seek={'position': 0, 'eof': False}, guest_file_close={},
                   guest_file_read={'count': 4, 'buf-b64': 'QUJDRA==', 'eof': False}) as fake:
        contains(fake.qgactl.fail(1, 'get', '--max-size', '1K', '/x', fake.folder).err, '1024 bytes')
        equal(fake.wait_for('guest-file-close'), {'handle': 3})


sys.exit(run_all(Files))
