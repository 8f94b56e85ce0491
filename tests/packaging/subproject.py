# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: subproject.py SOURCE FOLDER

A program that has this tree as a subproject is configured, built and run; in
FOLDER, which is made anew.
"""
import contextlib
import json
import pathlib
import shutil
import subprocess
import sys

SOURCE, FOLDER = (pathlib.Path(argument) for argument in sys.argv[1:3])
sys.path.insert(0, str(SOURCE / 'tests' / 'tools'))
from harness import LONGEST, Peer, equal, run_all, test  # noqa: E402
from programs import clear, fences, use_starters  # noqa: E402

APP = SOURCE / 'tests' / 'packaging' / 'subproject'
BUILD = FOLDER / 'build'


class App:
    """What an author has: a program, and our tree or a wrap file that gets it."""

    def __init__(self):
        clear(FOLDER)
        for name in ('meson.build', 'app.c'):
            (FOLDER / 'app').mkdir(exist_ok=True)
            shutil.copy(APP / name, FOLDER / 'app' / name)
        (FOLDER / 'app' / 'subprojects').mkdir()
        # by another path than ours, to which nothing may lead back
        (FOLDER / 'app' / 'subprojects' / 'qmp-glib').symlink_to(SOURCE)
        (FOLDER / 'app' / 'subprojects' / 'qmp-glib.wrap').write_text(
            '[wrap-file]\ndirectory = qmp-glib\n\n' + provide(), encoding='utf-8')

    def meson(self, *words):
        # an installed one would do as well, and is not what is tested; the fastest compilation there is
        run('meson', 'setup', '--wrap-mode=forcefallback', '-Doptimization=0', '-Ddebug=false', *words, FOLDER / 'app')


def provide():
    """The end of the wrap file that docs/packaging.md shows."""
    wrap, = (code for _, code in fences(SOURCE / 'docs' / 'packaging.md') if '[provide]' in code)
    return wrap[wrap.index('[provide]'):]


def run(*words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f'{words}: {done.stdout[-5000:]}{done.stderr[-5000:]}')
    return done.stdout


def introspect(what):
    return json.loads(run('meson', 'introspect', '--' + what, BUILD))


use_starters(SOURCE)


@test
def it_is_as_the_docs_say(_):
    text = (APP / 'meson.build').read_text(encoding='utf-8')
    snippets = [code for language, code in fences(SOURCE / 'docs' / 'packaging.md') if language == 'meson']
    equal([code in text for code in snippets], [True])


@test
def it_is_configured(app):
    app.meson(BUILD)
    equal(introspect('tests'), [])
    programs = [target['name'] for target in introspect('targets')
                if target['type'] == 'executable' and target['build_by_default']]
    equal(programs, ['app'])


@test
def it_is_built_and_runs(_):
    run('ninja', '-C', BUILD, 'app')
    with Peer('START_QEMU') as qemu, Peer('START_AGENT') as agent:
        done = subprocess.run([BUILD / 'app', qemu.address, agent.address], capture_output=True, text=True, timeout=LONGEST)
    equal((done.stdout, done.stderr), ('app: running, QgaConnection\n', ''))


app = App()
sys.exit(run_all(lambda: contextlib.nullcontext(app)))
