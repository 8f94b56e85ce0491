# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: prefix.py SOURCE BUILD PREFIX LIBDIR

What is built, installed into its prefix, and used from outside of the tree:
every language, both tools, the installed tests.
"""
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE, BUILD, PREFIX = (pathlib.Path(argument) for argument in sys.argv[1:4])
LIBDIR = PREFIX / sys.argv[4]
sys.path.insert(0, str(SOURCE / 'tests' / 'tools'))
from harness import LONGEST, Peer, Tool, contains, equal, run_all, test  # noqa: E402
from programs import LANGUAGES, Programs, clear, environment_of_prefix, use_starters  # noqa: E402
from terminal import Terminal  # noqa: E402

SHELLS = {
    'qmpctl': ['bash-completion/completions/qmpctl', 'zsh/site-functions/_qmpctl', 'fish/vendor_completions.d/qmpctl.fish'],
    'qgactl': ['bash-completion/completions/qgactl', 'zsh/site-functions/_qgactl', 'fish/vendor_completions.d/qgactl.fish'],
}


class Prefix:
    def __init__(self):
        clear(PREFIX)
        subprocess.run(['meson', 'install', '--no-rebuild', '--quiet', '-C', BUILD], check=True, stdout=sys.stderr)
        self.environment = environment_of_prefix(SOURCE, PREFIX, LIBDIR)

    def run(self, *words, **more):
        done = subprocess.run(words, env={**self.environment, **more}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=10 * LONGEST, cwd='/')
        if done.returncode != 0:
            raise AssertionError(f'{words}: {done.stdout}{done.stderr}')
        return done.stdout


prefix = Prefix()
programs = Programs(SOURCE)
use_starters(SOURCE)


def test_program(library, language):
    def body(_):
        programs.check(library, language, prefix.environment)
    body.__name__ = f'a_program_of_the_README_for_{library}_in_{language}'
    test(body)


for name in ('qmp', 'qga'):
    for its_language in LANGUAGES:
        test_program(name, its_language)


@test
def nothing_comes_from_the_tree(_):
    for path in PREFIX.rglob('*'):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes().replace(str(PREFIX).encode(), b'')
            # debug info may say where it comes from
            if not data.startswith(b'\x7fELF') and str(BUILD).encode() in data:
                raise AssertionError(f'{path} names the folder it was built in')
    for path in [*(PREFIX / 'bin').iterdir(), *LIBDIR.glob('*.so')]:
        # the libraries are found by the environment or by the system alone
        equal((path.name, 'RUNPATH' in prefix.run('readelf', '--dynamic', str(path))), (path.name, False))


@test
def pkg_config_knows_where_things_are(_):
    for library, namespace in {'qmp': 'Qmp', 'qga': 'Qga'}.items():
        package = f'{library}-glib-1.0'

        def variable(name):
            return pathlib.Path(prefix.run('pkg-config', '--variable=' + name, package).strip())

        equal(variable('prefix'), PREFIX)
        equal((variable('includedir') / package / f'{library}-glib' / f'{library}-glib.h').is_file(), True)
        equal((variable('girdir') / f'{namespace}-1.0.gir').is_file(), True)
        equal((variable('typelibdir') / f'{namespace}-1.0.typelib').is_file(), True)
        equal((variable('libdir') / f'lib{package}.so').is_file(), True)
        equal(prefix.run('pkg-config', '--modversion', package), prefix.run('qmpctl', '--version').split()[-1] + '\n')
        # who links with it needs nothing of what it is made of
        contains(prefix.run('pkg-config', '--print-requires', package), 'gio-2.0 >= ', 'json-glib-1.0 >= ')


@test
def no_private_header_is_there(_):
    headers = [path.name for path in (PREFIX / 'include').rglob('*.h')]
    equal([name for name in headers if name.endswith('-private.h') or name.startswith('wire')], [])


@test
def types_are_there_for_their_checkers(_):
    for namespace in ('Qmp', 'Qga'):
        equal((PREFIX / 'share' / 'gjs-1.0' / 'types' / f'{namespace}-1.0.d.ts').is_file(), True)
        stub, = PREFIX.rglob(f'gi-stubs/repository/{namespace}.pyi')
        contains(stub.read_text(encoding='utf-8'), 'class Connection')


@test
def qmpctl_runs(_):
    with Peer('START_QEMU') as peer:
        contains(prefix.run('qmpctl', peer.address, 'call', 'query-status'), 'running')


@test
def qgactl_runs(_):
    with Peer('START_AGENT') as peer:
        equal(prefix.run('qgactl', peer.address, 'exec', '--', 'uname', '-a'), prefix.run('uname', '-a'))


@test
def qmpctl_finds_its_shell(folder):
    os.environ['QMPCTL'] = str(PREFIX / 'bin' / 'qmpctl')
    with Peer('START_QEMU') as peer, \
            Terminal(Tool('QMPCTL', peer.address), 'shell', XDG_STATE_HOME=folder, XDG_CACHE_HOME=folder,
                     **prefix.environment) as terminal:
        terminal.expect('(QMP) ')
        terminal.type('query-status\r')
        terminal.expect('running')


@test
def manuals_are_found(_):
    for tool in SHELLS:
        equal(pathlib.Path(prefix.run('man', '--where', tool).strip()).is_relative_to(PREFIX / 'share' / 'man'), True)


@test
def completions_are_in_place(_):
    for tool, places in SHELLS.items():
        for place in places:
            contains((PREFIX / 'share' / place).read_text(encoding='utf-8'), tool)


@test
def installed_tests_pass(folder):
    output = prefix.run('gnome-desktop-testing-runner', '--parallel=2', 'qmp-glib-1.0/', TMPDIR=folder, HOME=folder)
    summary = output.splitlines()[-1]
    count = len(list((PREFIX / 'share' / 'installed-tests' / 'qmp-glib-1.0').glob('*.test')))
    contains(summary, f'total={count}; passed={count};')
    equal(count > 60, True)


@contextlib.contextmanager
def fresh_folder():
    with tempfile.TemporaryDirectory() as folder:
        yield folder


sys.exit(run_all(fresh_folder))
