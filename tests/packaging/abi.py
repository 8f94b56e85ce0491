# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: abi.py SOURCE BUILD COMPILER...

That tools/abi finds what would break programs, in a small library of its own;
and that what is built breaks none.
"""
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(sys.argv[1], 'tests', 'tools'))
from harness import contains, equal, run_all, test  # noqa: E402

SOURCE, BUILD, COMPILER = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]

HEADER = '''
typedef enum { DUCK_COLOUR_RED, DUCK_COLOUR_BLUE } DuckColour;
typedef struct { int feet; } DuckShape;
typedef struct _Duck Duck;
DuckColour duck_get_colour (Duck *duck);
void duck_set_shape (Duck *duck, const DuckShape *shape);
long duck_count (int most);
'''
CODE = '''
#include "duck.h"
struct _Duck { DuckColour colour; };
DuckColour duck_get_colour (Duck *duck) { return duck->colour; }
void duck_set_shape (Duck *duck, const DuckShape *shape) { (void) duck; (void) shape; }
long duck_count (int most) { return most; }
'''


class Pond:
    """Where small libraries are built, and compared with the first of them."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.old = self.describe('old', HEADER, CODE)

    def build(self, name, header, code, flags=('-g',)):
        place = self.folder / name
        place.mkdir()
        (place / 'duck.h').write_text(header, encoding='utf-8')
        (place / 'duck.c').write_text(code, encoding='utf-8')
        library = place / 'libduck.so.0'
        subprocess.run([*COMPILER, '-shared', '-fPIC', *flags, '-Wl,-soname,libduck.so.0', place / 'duck.c',
                        '-o', library], check=True)
        return library

    def describe(self, name, header, code):
        library = self.build(name, header, code)
        text = subprocess.run([SOURCE / 'tools' / 'abi', '--describe', library, library.parent],
                              check=True, capture_output=True).stdout
        path = self.folder / (name + '.abi')
        path.write_bytes(text)
        return path

    def compare(self, header, code):
        new = self.describe('new', header, code)
        return subprocess.run([SOURCE / 'tools' / 'abi', '--compare', self.old, new], capture_output=True, text=True)

    def breaks(self, word, *changes):
        """With these changes, each [old, new], the check fails and says what it is."""
        header, code = change(HEADER, changes), change(CODE, changes)
        outcome = self.compare(header, code)
        equal(outcome.returncode, 1)
        contains(outcome.stdout, word)


def change(text, changes):
    for old, new in changes:
        text = text.replace(old, new)
    return text


@contextlib.contextmanager
def pond():
    with tempfile.TemporaryDirectory() as folder:
        yield Pond(folder)


@test
def what_is_built_serves_programs_of_the_last_release(_):
    outcome = subprocess.run([SOURCE / 'tools' / 'abi', BUILD], capture_output=True, text=True)
    if outcome.returncode != 0:
        raise AssertionError(outcome.stdout + outcome.stderr)
    equal(outcome.stdout.count('goes on to serve'), 2)


@test
def the_same_is_fine(it):
    outcome = it.compare(HEADER, CODE)
    equal((outcome.returncode, outcome.stdout), (0, ''))


@test
def more_is_fine(it):
    outcome = it.compare(
        HEADER.replace('BLUE }', 'BLUE, DUCK_COLOUR_GREEN }') + 'void duck_swim (Duck *duck);\n',
        CODE + 'void duck_swim (Duck *duck) { duck->colour = DUCK_COLOUR_RED; }\n')
    equal((outcome.returncode, outcome.stdout), (0, ''))


@test
def what_is_private_may_change(it):
    outcome = it.compare(HEADER, CODE.replace('{ DuckColour colour; }', '{ long age; DuckColour colour; }'))
    equal((outcome.returncode, outcome.stdout), (0, ''))


@test
def a_function_that_is_gone_is_found(it):
    it.breaks('duck_count', ['duck_count', 'duck_number'])


@test
def another_parameter_is_found(it):
    it.breaks('parameter 1', ['duck_count (int most)', 'duck_count (long most)'])


@test
def a_parameter_more_is_found(it):
    it.breaks('parameter 2', ['duck_count (int most)', 'duck_count (int most, int least)'])


@test
def another_result_is_found(it):
    it.breaks('return type', ['long duck_count', 'int duck_count'])


@test
def another_value_of_an_enumeration_is_found(it):
    it.breaks('DUCK_COLOUR_BLUE', ['DUCK_COLOUR_RED, DUCK_COLOUR_BLUE', 'DUCK_COLOUR_RED, DUCK_COLOUR_PINK, DUCK_COLOUR_BLUE'])


@test
def another_public_struct_is_found(it):
    it.breaks('DuckShape', ['{ int feet; }', '{ int wings; int feet; }'])


@test
def a_library_without_debug_info_is_refused(it):
    library = it.build('bare', HEADER, CODE, flags=['-g0'])
    outcome = subprocess.run([SOURCE / 'tools' / 'abi', '--describe', library, library.parent],
                             capture_output=True, text=True)
    equal(outcome.returncode, 1)
    contains(outcome.stderr, 'no debug info')


class Tree:
    """What tools/abi reads of a tree, in a repository of its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / 'tree'
        self.kept = self.folder / 'tests' / 'abi'
        shutil.copytree(SOURCE / 'tests' / 'abi', self.kept)
        for name in ('tools/abi', 'tools/setup.sh', 'meson.build', 'NEWS.md'):
            (self.folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(SOURCE / name, self.folder / name)
        for name in ('qmp-glib', 'qga-glib'):
            (self.folder / name).mkdir()
            for header in (SOURCE / name).glob('*.h'):
                shutil.copy(header, self.folder / name)
        self.git('init', '--quiet')

    def git(self, *words):
        subprocess.run(['git', '-C', self.folder, '-c', 'user.name=T', '-c', 'user.email=t@localhost', *words], check=True)

    def abi(self, *words):
        return subprocess.run([self.folder / 'tools' / 'abi', *words, BUILD], capture_output=True, text=True)

    def release(self, version):
        """As CONTRIBUTING.md has it."""
        news = self.folder / 'NEWS.md'
        news.write_text(f'# {version}\n' + news.read_text(encoding='utf-8'), encoding='utf-8')
        build = self.folder / 'meson.build'
        lines = build.read_text(encoding='utf-8').split('\n')
        lines = [f"  version: '{version}'," if line.startswith('  version: ') else line for line in lines]
        build.write_text('\n'.join(lines), encoding='utf-8')
        equal(self.abi('--record').returncode, 0)
        equal(self.abi().returncode, 0)  # before its tag is there
        self.git('add', '--all')
        self.git('commit', '--quiet', '-m', 'release')
        self.git('tag', 'v' + version)


@test
def what_a_release_said_stays(it):
    tree = Tree(it.folder)
    tree.release('7.0.0')
    equal(sorted(path.name for path in tree.kept.iterdir()),
          ['libqga-glib-1.0.so.0-7.0.0.abi.xz', 'libqmp-glib-1.0.so.0-7.0.0.abi.xz'])
    outcome = tree.abi()
    equal((outcome.returncode, outcome.stderr), (0, ''))

    # another baseline under the same name
    path = tree.kept / 'libqga-glib-1.0.so.0-7.0.0.abi.xz'
    good = path.read_bytes()
    path.write_bytes((tree.kept / 'libqmp-glib-1.0.so.0-7.0.0.abi.xz').read_bytes())
    outcome = tree.abi()
    equal(outcome.returncode, 1)
    contains(outcome.stderr, 'is not what it was in v7.0.0')

    # one that is of no release
    path.write_bytes(good)
    path.rename(tree.kept / 'libqga-glib-1.0.so.0-unreleased.abi.xz')
    outcome = tree.abi()
    equal(outcome.returncode, 1)
    contains(outcome.stderr, 'is not of the last release')


sys.exit(run_all(pond))
