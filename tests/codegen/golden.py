#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the generator writes, against what it wrote when somebody read it last;
and what it refuses.

usage: tests/codegen/golden.py [--renew]

golden/sample.api has each kind of thing once.  After a deliberate change of the
templates, --renew writes what is beside it again: read the difference.
"""

import difflib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import tap
from tap import expect

GOLDEN = Path(__file__).resolve().parent / 'golden'
GENERATE = Path(__file__).resolve().parents[2] / 'tools' / 'codegen' / 'generate'
KEPT = ('qmp-api-types.h', 'qmp-api-sample.h', 'qmp-api-sample.c')

# What the library by hand has: a call of the sample, and a class.
BY_HAND = 'typedef struct _QmpRequest QmpRequest;\nvoid qmp_connection_tea_quit_async (QmpConnection *self);\n'


def run_generator(descriptions, output):
    """Runs the program itself, with a library by hand of a few lines."""
    with tempfile.TemporaryDirectory() as by_hand:
        Path(by_hand, 'qmp-by-hand.h').write_text(BY_HAND, encoding='utf-8')
        Path(by_hand, 'Qmp-1.0.metadata').write_text('*.*#method.cancellable default=null\n', encoding='utf-8')
        return subprocess.run([sys.executable, '-B', GENERATE, 'Qmp', descriptions, by_hand, output], check=False,
                              stderr=subprocess.PIPE, text=True)


def generate(output):
    """The sample."""
    done = run_generator(GOLDEN, output)
    assert done.returncode == 0, done.stderr


def renew():
    """Writes what is kept anew."""
    with tempfile.TemporaryDirectory() as output:
        generate(output)
        for name in KEPT:
            (GOLDEN / name).write_bytes(Path(output, name).read_bytes())


def compare(name, output):
    """A file that was just written, and the one that is kept."""
    kept = (GOLDEN / name).read_text(encoding='utf-8').splitlines()
    made = Path(output, name).read_text(encoding='utf-8').splitlines()
    difference = '\n'.join(difflib.unified_diff(kept, made, f'golden/{name}', 'generated', lineterm=''))
    assert not difference, (f'the generator writes something else now:\n{difference}\n'
                            'If that is what you want: tests/codegen/golden.py --renew')


def test_header():
    """What users see."""
    with tempfile.TemporaryDirectory() as output:
        generate(output)
        compare(KEPT[0], output)
        compare(KEPT[1], output)


def test_source():
    """What stands behind."""
    with tempfile.TemporaryDirectory() as output:
        generate(output)
        compare(KEPT[2], output)


def test_metadata():
    """Vala may leave out what no command needs; members may be absent, and lists are other types as properties than as
    what getters give."""
    with tempfile.TemporaryDirectory() as output:
        generate(output)
        lines = Path(output, 'Qmp-1.0.metadata').read_text(encoding='utf-8').splitlines()
    expect(lines[0], '*.*#method.cancellable default=null')
    calls = [line for line in lines if line.startswith('Connection.')]
    expect(sorted(calls), sorted(f'Connection.{name}{end}#method.arguments default=null'
                                 for name in ('tea_brew', 'tea_grow', 'tea_plant') for end in ('', '_async')))
    start = lines.index('Pot') + 1
    end = next(number for number in range(start, len(lines)) if lines[number][0] != ' ')
    expect(lines[start:end], [f'  .{name}#property nullable' for name in ('data', 'leaf')] +
           ['  .blend#property nullable no_accessor_method'] +
           [f'  .{name}#property nullable' for name in ('labels', 'kinds')] +
           ['  .minutes#property nullable no_accessor_method'] +
           [f'  .{name}#property nullable' for name in ('recipe', 'old')])


def test_list():
    """meson knows each file before it is there."""
    listed = subprocess.run([sys.executable, '-B', GENERATE, '--list', 'Qmp', GOLDEN], check=True, stdout=subprocess.PIPE,
                            text=True).stdout.split()
    with tempfile.TemporaryDirectory() as output:
        generate(output)
        expect(sorted(listed), sorted(os.listdir(output)))


def test_same_again():
    """Nothing depends on the order of a set, or on the time."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        generate(one)
        generate(other)
        for name in os.listdir(one):
            expect(Path(other, name).read_bytes(), Path(one, name).read_bytes())


REFUSED = {
    'struct A\n  b: Nothing\n': 'bad: A: there is no type Nothing',
    'command c -> [Nothing]\n': 'bad: c: there is no type Nothing',
    'struct A\nstruct A\n': 'bad: A is there twice',
    'struct A\n  b: int\n  b: str\n': 'bad: A: a name is there twice',
    'enum E\n  x\n  x\n': 'bad: E: a name is there twice',
    'enum E\n  x\nstruct S\nunion U by k\n  k: E\n  = x: S\n  = x: S\n': 'bad: U: a name is there twice',
    'struct Abc\nenum Abc\n  x\n': 'bad: Abc is there twice',
    'struct A\n  b-c: int\n  b_c: int\n': 'two things would be called qmp_a_get_b_c',
    'enum E\n  b-c\n  b_c\n': 'two things would be called QMP_E_B_C',
    'enum E\n  unrecognized\n': 'two things would be called QMP_E_UNRECOGNIZED',
    'command a-b\ncommand a_b\n': 'two things would be called qmp_connection_a_b_async',
    'struct TeaArguments\ncommand tea\n  x?: int\n': 'two things would be called QmpTeaArguments',
    'struct Request\n': 'two things would be called QmpRequest',
    'command c   passes-fd\n  fd: int\n': 'bad: c: two parameters would be called fd',
    'command c\n  x: [int]\n  n_x: int\n': 'bad: c: two parameters would be called n_x',
    'struct A\n  flags: [bool]\n': 'bad: A: flags: there is no form for [bool]',
    'struct A\n  grid: [[int]]\n': 'bad: A: grid: there is no form for [[int]]',
    'command c -> [number]\n': 'bad: c: return: there is no form for [number]',
    'struct A\nunion U by kind\n  name: str\n  = a: A\n': 'bad: U: its tag kind is no enum',
    'struct A\nunion U by kind\n  kind: str\n  = a: A\n': 'bad: U: its tag kind is no enum',
    'enum E\n  x\nstruct A\nunion U by kind\n  kind: E\n  = y: A\n': 'bad: U: y is no E',
    'union U\n  kind: str\n': 'bad.api:1: a union, and nothing else, has a tag',
    'struct A\n\nstructure B\n': 'bad.api:3: this is no entry: structure B',
    '# a comment\nstruct A\n  b int\n': 'bad.api:3: this is no member: b int',
    '  b: int\n': 'bad.api:1: this belongs to no entry',
}


def test_refusals():
    """What is wrong is said in a line, with its place; nothing is written."""
    for text, complaint in REFUSED.items():
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as output:
            Path(folder, 'bad.api').write_text(text, encoding='utf-8')
            done = run_generator(folder, output)
            expect((text, done.stderr), (text, f'{GENERATE}: {complaint}\n'))
            expect((text, done.returncode, os.listdir(output)), (text, 1, []))


if __name__ == '__main__':
    if sys.argv[1:] == ['--renew']:
        renew()
    else:
        sys.exit(tap.run(globals()))
