# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The verbs that change a guest, at an agent that only says so.
import base64
import os
import signal
import subprocess
import sys

from agents import FakeAgent, Refusal
from harness import LONGEST, contains, equal, run_all, test, wait_until
from terminal import Terminal

SECRET = 'correct horse § battery'


class Guest(FakeAgent):
    """Has three file systems to freeze, a user, and keys."""

    def __init__(self):
        super().__init__(
            guest_fsfreeze_status=lambda _: 'frozen' if self.frozen else 'thawed',
            guest_fsfreeze_freeze=lambda _: self.freeze(3),
            guest_fsfreeze_freeze_list=lambda arguments: self.freeze(len(arguments.get('mountpoints', []))),
            guest_fsfreeze_thaw=lambda _: self.freeze(-self.frozen),
            guest_shutdown=lambda _: None, guest_suspend_ram=lambda _: None, guest_suspend_disk={},
            guest_suspend_hybrid=Refusal('no such sleep'),
            guest_fstrim={'paths': [{'path': '/', 'trimmed': 3 << 20, 'minimum': 4096}]},
            guest_ssh_get_authorized_keys={'keys': ['ssh-rsa AAAA one@here', 'ssh-rsa BBBB two@here']},
            guest_ssh_add_authorized_keys={}, guest_ssh_remove_authorized_keys={}, guest_set_user_password={})
        self.frozen = 0

    def freeze(self, count):
        """Counts, as an agent does."""
        self.frozen += count
        return abs(count)


# --- freezing -------------------------------------------------------------------------


@test
def what_is_frozen_stays_so_until_the_thaw(guest):
    equal(guest.qgactl.run('status').out, 'thawed\n')
    equal(guest.qgactl.run('freeze').out, '3 file systems are frozen; "thaw" undoes it\n')
    equal((guest.qgactl.run('status').out, guest.qgactl.run('status', '-j').json), ('frozen\n', {'status': 'frozen'}))
    contains(guest.qgactl.fail(1, 'freeze').err, 'frozen already')
    equal(guest.frozen, 3)
    equal(guest.qgactl.run('thaw').out, '3 file systems are thawed\n')
    equal(guest.qgactl.run('thaw').out, 'No file system was frozen\n')


@test
def single_file_systems_are_frozen(guest):
    equal(guest.qgactl.run('freeze', '/data', '-j').json, {'frozen': 1})
    equal(guest.wait_for('guest-fsfreeze-freeze-list'), {'mountpoints': ['/data']})
    equal(guest.qgactl.run('thaw', '--json').json, {'thawed': 1})
    guest.answers['guest-fsfreeze-freeze-list'] = 0
    contains(guest.qgactl.fail(1, 'freeze', '/nowhere').err, 'no such file system')


@test
def a_command_runs_while_it_is_frozen(guest):
    mark = guest.folder + '/mark'
    equal(guest.qgactl.run('freeze', '--run', f'echo done > {mark}').out, '3 file systems were frozen meanwhile, to the end\n')
    equal((os.path.exists(mark), guest.frozen), (True, 0))
    contains(guest.qgactl.fail(1, 'freeze', '--run', 'exit 3').err, 'ended with status 3')
    contains(guest.qgactl.fail(1, 'freeze', '--run', 'kill -9 $$').err, 'signal 9')
    equal(guest.frozen, 0)


@test
def a_copy_of_what_thawed_by_itself_is_worth_nothing(guest):
    guest.answers['guest-fsfreeze-thaw'] = 0
    contains(guest.qgactl.fail(1, 'freeze', '--run', 'true').err, 'not frozen any more')


@test
def an_interrupt_thaws(guest):
    mark = guest.folder + '/mark'
    process = guest.qgactl.start('freeze', '--run', f'echo > {mark}; exec sleep 1000')
    wait_until(lambda: os.path.exists(mark))
    process.send_signal(signal.SIGINT)
    equal((process.communicate(timeout=LONGEST), process.returncode, guest.frozen), (('', ''), 130, 0))


@test
def so_does_a_freeze_that_is_given_up(guest):
    def freeze(_):
        guest.frozen = 3  # and the reply is lost

    guest.answers['guest-fsfreeze-freeze'] = freeze
    for stop, status in ((lambda process: process.send_signal(signal.SIGINT), 130), (lambda _: None, 4)):
        guest.heard.clear()
        process = guest.qgactl.start('freeze', *([] if status == 130 else ['--timeout', '0.5']))
        guest.wait_for('guest-fsfreeze-freeze')
        stop(process)
        out, err = process.communicate(timeout=LONGEST)
        equal((process.returncode, out, guest.frozen), (status, '', 0))
        contains(err, 'The guest is thawed')


@test
def trimming_tells_of_each_file_system(guest):
    equal(guest.qgactl.run('fstrim', '--minimum', '1M').out, 'MOUNTED ON  TRIMMED  MINIMUM  ERROR\n'
                                                             '/           3.0 MiB  4.0 KiB  -\n')
    equal(guest.wait_for('guest-fstrim'), {'minimum': 1 << 20})
    guest.answers['guest-fstrim'] = {'paths': [{'path': '/', 'error': 'cannot'}]}
    outcome = guest.qgactl.try_run('fstrim', '-j')
    equal((outcome.status, outcome.json), (1, guest.answers['guest-fstrim']))


# --- power ------------------------------------------------------------------------------


@test
def no_more_is_claimed_than_is_known(guest):
    contains(guest.qgactl.run('shutdown').out, 'did not object', 'more is not known')
    equal(guest.wait_for('guest-shutdown'), {'mode': 'powerdown'})
    for words, mode in ((['shutdown', '--halt'], 'halt'), (['reboot'], 'reboot')):
        guest.heard.clear()
        equal(guest.qgactl.run(*words, '-j').json, {'acceptance': 'silent'})
        equal(guest.wait_for('guest-shutdown'), {'mode': mode})
    contains(guest.qgactl.run('suspend', 'disk').out, 'The agent says')
    contains(guest.qgactl.fail(1, 'suspend', 'hybrid').err, 'no such sleep')
    contains(guest.qgactl.fail(2, 'suspend', 'long').err, '"long"')


# --- keys ---------------------------------------------------------------------------------


@test
def keys_are_listed(guest):
    equal(guest.qgactl.run('ssh-keys', 'list', 'root').out, 'ssh-rsa AAAA one@here\nssh-rsa BBBB two@here\n')
    equal(guest.qgactl.run('ssh-keys', 'list', 'root', '-j').json, guest.answers['guest-ssh-get-authorized-keys'])


@test
def keys_come_from_words_files_and_standard_input(guest):
    with open(guest.folder + '/keys.pub', 'w', encoding='ascii') as file:
        file.write('# mine\nssh-rsa CCCC c\n\n')
    guest.qgactl.run('ssh-keys', 'add', 'root', 'ssh-rsa DDDD d', file.name, '-', input='ssh-rsa EEEE e\n')
    equal(guest.wait_for('guest-ssh-add-authorized-keys'),
          {'username': 'root', 'keys': ['ssh-rsa DDDD d', 'ssh-rsa CCCC c', 'ssh-rsa EEEE e']})
    guest.heard.clear()
    equal(guest.qgactl.run('ssh-keys', 'add', '--reset', 'root', file.name, '-j').json, {'keys': 1})
    equal(guest.wait_for('guest-ssh-add-authorized-keys')['reset'], True)
    guest.qgactl.run('ssh-keys', 'remove', 'root', file.name)
    equal(guest.wait_for('guest-ssh-remove-authorized-keys'), {'username': 'root', 'keys': ['ssh-rsa CCCC c']})
    for words in (['list'], ['add', 'root'], ['sell', 'root'], ['remove', '--reset', 'root', 'a b']):
        guest.qgactl.fail(2, 'ssh-keys', *words)


@test
def private_keys_stay_here(guest):
    with open(guest.folder + '/key', 'w', encoding='ascii') as file:
        file.write('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n')
    contains(guest.qgactl.fail(2, 'ssh-keys', 'add', 'root', file.name).err, 'no public keys')
    equal('guest-ssh-add-authorized-keys' in dict(guest.heard), False)


# --- passwords ------------------------------------------------------------------------------


def told(guest):
    arguments = guest.wait_for('guest-set-user-password')
    guest.heard.clear()
    return arguments['username'], base64.b64decode(arguments['password']).decode(), arguments['crypted']


@test
def a_password_comes_from_standard_input_a_file_or_a_descriptor(guest):
    with open(guest.folder + '/password', 'w', encoding='utf-8') as file:
        file.write(SECRET + '\n')
    for words, options in ((['passwd', 'anna'], {'input': SECRET}), (['passwd', 'anna', '--password-file', file.name], {}),
                           (['passwd', 'anna', '--password-file', '-'], {'input': SECRET + '\n'})):
        equal(guest.qgactl.run(*words, **options).out, '')
        equal(told(guest), ('anna', SECRET, False))
    with open(file.name, encoding='utf-8') as source:
        subprocess.run(guest.qgactl.command('passwd', '--crypted', '--password-fd', source.fileno(), 'anna'), check=True,
                       timeout=LONGEST, pass_fds=[source.fileno()], stdin=subprocess.DEVNULL)
    equal(told(guest), ('anna', SECRET, True))


@test
def a_password_is_one_line(guest):
    for text in ('', '\n', 'a\nroot:b\n', 'a\0b', 'x' * 5000):
        guest.qgactl.fail(2, 'passwd', 'anna', input=text)
    equal('guest-set-user-password' in dict(guest.heard), False)


@test
def a_password_is_typed_twice_and_not_shown(guest):
    with Terminal(guest.qgactl, 'passwd', 'anna') as terminal:
        for _ in range(2):
            terminal.expect(': ')
            equal(terminal.echoes, False)
            terminal.type(SECRET + '\n')
        terminal.ends(0)
        equal(SECRET.encode() in terminal.all, False)
    equal(told(guest), ('anna', SECRET, False))
    with Terminal(guest.qgactl, 'passwd', 'anna') as terminal:
        for password in ('one', 'other'):
            terminal.expect(': ')
            terminal.type(password + '\n')
        contains(terminal.ends(2), 'two passwords')


@test
def an_interrupt_gives_the_terminal_back(guest):
    with Terminal(guest.qgactl, 'passwd', 'anna') as terminal:
        terminal.expect(': ')
        terminal.type('half\x03')
        terminal.ends(130)
        equal(terminal.echoes, True)


@test
def a_password_is_in_no_argument_environment_or_output(guest):
    seen = []

    def look(_):
        for name in ('cmdline', 'environ'):
            with open(f'/proc/{process.pid}/{name}', 'rb') as file:
                seen.append(file.read())
        coded = base64.b64encode(SECRET.encode()).decode()
        raise Refusal(f'chpasswd: {SECRET} ({coded}) is too weak')

    guest.answers['guest-set-user-password'] = look
    process = guest.qgactl.start('passwd', 'anna', stdin=subprocess.PIPE, text=False,
                                 env={**os.environ, 'G_MESSAGES_DEBUG': 'all'})
    out, err = process.communicate(SECRET.encode(), timeout=LONGEST)
    equal((process.returncode, len(seen)), (1, 2))
    contains(err, b'is too weak')
    for text in (*seen, out, err):
        for part in (SECRET.encode(), base64.b64encode(SECRET.encode()), b'horse'):
            equal(part in text, False)


sys.exit(run_all(Guest))
