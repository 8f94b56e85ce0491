# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The Tab key, in each shell, for both tools.
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile

from harness import LONGEST, Tool, contains, equal, run_all, test

COMPLETIONS = os.environ['COMPLETIONS']


@contextlib.contextmanager
def nothing():
    yield


def complete(program, *words):
    return [line.split('\t')[0] for line in Tool(program).run('--complete', *words).lines]


def ask(shell, script, *arguments):
    """The lines that it prints, with both tools in its PATH."""
    with tempfile.TemporaryDirectory() as home:
        folders = [os.path.dirname(os.environ[tool]) for tool in ('QMPCTL', 'QGACTL')]
        done = subprocess.run([shell, '-c', script, *arguments], capture_output=True, text=True, timeout=LONGEST, cwd=home,
                              env={'PATH': ':'.join([*folders, os.environ['PATH']]), 'HOME': home, 'TERM': 'dumb'})
    equal((done.returncode, done.stderr), (0, ''))
    return done.stdout.splitlines()


def in_bash(line):
    script = '''. "$1/$2.bash"; COMP_LINE=$3; COMP_POINT=${#3}; "_$2" "$2"; ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"'''
    return ask('bash', script, 'bash', COMPLETIONS, line.split()[0], line)


def in_zsh(line):
    # what zsh does with them is zsh's; which they are is asked here
    script = '''_describe () { print -rl -- "${(@P)2}" }; _files () { print FILES }
        words=("${(@s: :)3}"); CURRENT=$#words; . "$1/$2.zsh"'''
    return ask('zsh', script, 'zsh', COMPLETIONS, line.split()[0], line)


def in_fish(line):
    return ask('fish', 'source $argv[1]/$argv[2].fish; complete -C "$argv[3]"', COMPLETIONS, line.split()[0], line)


@test
def verbs_are_completed_with_an_address_and_without(_):
    equal(complete('QGACTL', 'fr'), ['freeze'])
    equal(complete('QGACTL', '/run/vm.qga', 'fr'), ['freeze'])
    equal(complete('QGACTL', '/run/vm.qga', 'freeze', 'fr'), [])
    contains(complete('QGACTL', ''), 'ping', 'exec', 'shutdown')
    contains(complete('QMPCTL', 'unix:/x', ''), 'call', 'events', 'shell')


@test
def options_are_those_of_the_verb(_):
    equal(complete('QGACTL', '/x', 'fstrim', '--'), ['--json', '--timeout', '--minimum'])
    equal(complete('QGACTL', 'exec', '--st'), ['--stdin'])
    contains(complete('QMPCTL', '/x', 'events', '-'), '--count', '--until')


@test
def arguments_are_completed(_):
    equal(complete('QGACTL', '/x', 'suspend', ''), ['ram', 'disk', 'hybrid'])
    equal(complete('QGACTL', '/x', 'time', 'set', ''), ['now'])
    equal(complete('QGACTL', 'call', 'guest-file-o'), ['guest-file-open'])
    equal(complete('QGACTL', 'call', 'guest-file-open', ''), ['path=', 'mode='])


@test
def every_verb_tells_its_options_and_does_nothing_else(_):
    for program in ('QMPCTL', 'QGACTL'):
        for verb in complete(program, ''):
            contains(complete(program, '/nowhere/socket', verb, '--'), '--json', '--timeout')


@test
def bash_completes(_):
    equal(in_bash('qgactl fre'), ['freeze'])
    equal(in_bash('qgactl unix:/run/vm.qga fre'), ['freeze'])
    equal(in_bash('qgactl tcp:host:1234 exec --st'), ['--stdin'])
    equal(in_bash('qgactl /run/vm.qga put '), [])
    equal(in_bash('qmpctl even'), ['events'])


@test
def zsh_completes(_):
    equal(in_zsh('qgactl unix:/run/vm.qga fre'), ['freeze:Freeze file systems of the guest, for a sound copy of its disks'])
    equal(in_zsh('qgactl fre')[-1], 'FILES')
    equal(in_zsh('qgactl /run/vm.qga put x'), ['FILES'])
    contains(in_zsh('qmpctl even')[0], 'events:')


@test
def fish_completes(_):
    equal(in_fish('qgactl unix:/run/vm.qga fre'), ['freeze\tFreeze file systems of the guest, for a sound copy of its disks'])
    contains(in_fish('qgactl tcp:host:1234 exec --st')[0], '--stdin\t')
    contains(in_fish('qmpctl even')[0], 'events\t')


for name in ('bash', 'zsh', 'fish'):
    if shutil.which(name) is None:
        sys.exit(f'{name} is needed, and not there')
sys.exit(run_all(nothing))
