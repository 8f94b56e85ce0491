# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import re
import subprocess
import sys

from fake_qemu import FakeQemu
from harness import Machine, Tool, contains, equal, run_all, test
from terminal import run_in_terminal


class Screen(Machine):
    """A machine with two screens, and a keyboard."""

    def __init__(self):
        super().__init__('-device', 'VGA,id=first', '-device', 'VGA,id=second')


def check_picture(data, ending):
    equal(data.startswith(b'\x89PNG\r\n' if ending == 'png' else b'P6\n'), True)


@test
def a_picture_is_saved(machine):
    path = machine.folder + '/picture'
    out = machine.qmpctl.run('screenshot', path).out
    equal(re.fullmatch(re.escape(path) + r', [0-9]+×[0-9]+\n', out) is not None, True)
    told = machine.qmpctl.run('screenshot', '--json', path).json
    equal(sorted(told), ['file', 'format', 'height', 'width'])
    with open(path, 'rb') as file:
        check_picture(file.read(), told['format'])


@test
def a_picture_gets_a_name(machine):
    before = os.getcwd()
    os.chdir(machine.folder)
    try:
        told = machine.qmpctl.run('screenshot', '-j', '--device', 'second').json
        equal(re.fullmatch(r'screenshot-[0-9]{8}-[0-9]{6}\.(png|ppm)', told['file']) is not None, True)
        equal(os.path.exists(told['file']), True)
    finally:
        os.chdir(before)


@test
def a_picture_goes_into_a_pipe(machine):
    data = subprocess.run(machine.qmpctl.command('screenshot', '-'), capture_output=True, check=True).stdout
    check_picture(data, 'png' if data.startswith(b'\x89') else 'ppm')
    status, said = run_in_terminal(machine.qmpctl.command('screenshot', '-'), {})
    equal(status, 2)
    contains(said, 'not for a terminal')


@test
def what_cannot_be_pictured_is_said(machine):
    contains(machine.qmpctl.fail(1, 'screenshot', machine.folder + '/x', '--device', 'third').err, 'third')
    contains(machine.qmpctl.fail(2, 'screenshot', '--head', '1').err, 'head')
    contains(machine.qmpctl.fail(1, 'screenshot', '/nowhere/x').err, '/nowhere/x')


@test
def text_is_typed(machine):
    machine.qmpctl.run('cont')
    equal(machine.qmpctl.run('type', 'Hello', '--interval', '1').out, '')
    machine.qmpctl.run('type', '-', '--interval', '1', input='two\nlines\n')
    machine.qmpctl.run('type', 'ls', '--enter', '-i', '1')
    contains(machine.qmpctl.fail(1, 'type', 'ü').err, 'ü')


def pressed(fake):
    return [[key['data'] for key in arguments['keys']] for name, arguments in fake.commands if name == 'send-key']


@test
def keys_have_several_names(_):
    with FakeQemu({'send-key': {}}) as fake:
        Tool('QMPCTL', fake.address).run('keys', 'ctrl-alt-delete', 'Enter', 'control-SPACE', 'f1', '--hold', '7')
        equal(pressed(fake), [['ctrl', 'alt', 'delete'], ['ret'], ['ctrl', 'spc'], ['f1']])
        equal(fake.commands[1][1]['hold-time'], 7)


@test
def unknown_keys_are_named(machine):
    machine.qmpctl.run('keys', 'ctrl-alt-delete', 'enter')
    contains(machine.qmpctl.fail(1, 'keys', 'ctrl-nonsense').err, 'nonsense')
    contains(machine.qmpctl.fail(2, 'keys', 'a--b').err, 'minus')


@test
def the_monitor_for_people_answers_in_text(machine):
    equal(machine.qmpctl.run('hmp', 'info', 'status').out.splitlines()[0].startswith('VM status: paused'), True)
    equal('\r' in machine.qmpctl.run('hmp', 'info network').out, False)
    contains(machine.qmpctl.run('hmp', '--json', 'info', 'status').json, 'VM status', '\r\n')
    data = subprocess.run(machine.qmpctl.command('hmp', '--raw', 'info', 'status'), capture_output=True, check=True).stdout
    equal(data.endswith(b'\r\n'), True)
    equal(run_in_terminal(machine.qmpctl.command('hmp', '--raw', 'info', 'status'), {})[0], 2)
    contains(machine.qmpctl.run('hmp', 'nonsense').out, 'nonsense')
    equal(machine.qmpctl.run('hmp', 'cont').out, '')


sys.exit(run_all(Screen))
