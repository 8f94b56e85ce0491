# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: debian.py SOURCE FOLDER

Debian packages, built from a copy of this tree in FOLDER, which is made anew:
what is in them, what they need, and that programs work with what they unpack to.
"""
import contextlib
import os
import pathlib
import re
import subprocess
import sys

SOURCE, FOLDER = (pathlib.Path(argument) for argument in sys.argv[1:3])
sys.path.insert(0, str(SOURCE / 'tests' / 'tools'))
from harness import Peer, contains, equal, run_all, test  # noqa: E402
from programs import Programs, clear, environment_of_prefix, use_starters  # noqa: E402

ROOT = FOLDER / 'root'

# Of each package what it may have, beside its papers, and what it needs.
LIB = r'usr/lib/[^/]+/'
PACKAGES = {
    'libqmp-glib-1.0-0': ([LIB + r'libqmp-glib-1\.0\.so\.0(\.0\.0)?'], ['libglib2.0-0 (>= 2.74', 'libjson-glib-1.0-0']),
    'libqga-glib-1.0-0': ([LIB + r'libqga-glib-1\.0\.so\.0(\.0\.0)?'], ['libglib2.0-0 (>= 2.74', 'libjson-glib-1.0-0']),
    'gir1.2-qmp-1.0': ([LIB + r'girepository-1\.0/Qmp-1\.0\.typelib'],
                       ['libqmp-glib-1.0-0 ', 'gir1.2-glib-2.0', 'gir1.2-json-1.0', 'qmp-glib-common (= ']),
    'gir1.2-qga-1.0': ([LIB + r'girepository-1\.0/Qga-1\.0\.typelib'],
                       ['libqga-glib-1.0-0 ', 'gir1.2-glib-2.0', 'gir1.2-json-1.0', 'qmp-glib-common (= ']),
    'qmp-glib-common': ([r'usr/share/gjs-1\.0/(overrides|types)/.*'], []),
    'python3-qmp-glib': ([r'usr/lib/python3/dist-packages/gi/overrides/.*',
                          r'usr/lib/python3/dist-packages/gi-stubs/repository/.*'],
                         ['python3:any', 'python3-gi', 'gir1.2-qmp-1.0', 'gir1.2-qga-1.0']),
    'libqmp-glib-dev': ([r'usr/include/qmp-glib-1\.0/.*\.h', LIB + r'libqmp-glib-1\.0\.so', LIB + r'pkgconfig/qmp-glib-1\.0\.pc',
                         r'usr/share/gir-1\.0/Qmp-1\.0\.gir', r'usr/share/vala/vapi/qmp-glib-1\.0\.(vapi|deps)'],
                        ['libqmp-glib-1.0-0 (= ', 'gir1.2-qmp-1.0 (= ', 'libglib2.0-dev', 'libjson-glib-dev']),
    'libqga-glib-dev': ([r'usr/include/qga-glib-1\.0/.*\.h', LIB + r'libqga-glib-1\.0\.so', LIB + r'pkgconfig/qga-glib-1\.0\.pc',
                         r'usr/share/gir-1\.0/Qga-1\.0\.gir', r'usr/share/vala/vapi/qga-glib-1\.0\.(vapi|deps)'],
                        ['libqga-glib-1.0-0 (= ', 'gir1.2-qga-1.0 (= ', 'libglib2.0-dev', 'libjson-glib-dev']),
    'qmp-glib-tools': ([r'usr/bin/q(mp|ga)ctl', r'usr/libexec/qmp-glib/q(mp|ga)ctl-shell', r'usr/share/man/man1/q(mp|ga)ctl\.1\.gz',
                        r'usr/share/(bash-completion|fish|zsh)/.*/_?q(mp|ga)ctl(\.fish)?'],
                       ['libqmp-glib-1.0-0 ', 'libqga-glib-1.0-0 ', 'libreadline8']),
    'qmp-glib-tests': ([r'usr/libexec/installed-tests/qmp-glib-1\.0/.*', r'usr/share/installed-tests/qmp-glib-1\.0/.*\.test'],
                       ['gnome-desktop-testing', 'gjs', 'python3-qmp-glib', 'libqmp-glib-1.0-0 ', 'libqga-glib-1.0-0 ']),
}


class Packages:
    def __init__(self):
        clear(FOLDER)
        tree = FOLDER / 'qmp-glib'
        tree.mkdir()
        # what is in no folder of a build
        tar = subprocess.run(['tar', '-C', SOURCE, '--exclude=./.git', '--exclude=./build*', '--exclude=__pycache__', '-c', '.'],
                             check=True, capture_output=True).stdout
        subprocess.run(['tar', '-C', tree, '-x'], input=tar, check=True)
        # The tests run elsewhere, and the books are built there; what is left is
        # compiled and packed fast.
        environment = {
            **os.environ,
            'DEB_BUILD_PROFILES': 'nocheck nodoc',
            'DEB_BUILD_OPTIONS': f'nocheck nodoc noautodbgsym terse parallel={os.cpu_count()}',
            'DEB_CFLAGS_STRIP': '-g -O2',
            'DEB_CFLAGS_APPEND': '-O1',
            'DPKG_DEB_COMPRESSOR_TYPE': 'gzip',
            'DPKG_DEB_COMPRESSOR_LEVEL': '1',
        }
        with open(FOLDER / 'log', 'w', encoding='utf-8') as log:
            done = subprocess.run(['dpkg-buildpackage', '-b', '-us', '-uc'], cwd=tree, env=environment,
                                  stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            print((FOLDER / 'log').read_text(encoding='utf-8', errors='replace')[-6000:], file=sys.stderr)
            raise SystemExit('dpkg-buildpackage failed')
        self.files = {path.name.split('_')[0]: path for path in FOLDER.glob('*.deb')}
        self.changes, = FOLDER.glob('*.changes')
        for path in self.files.values():
            run('dpkg-deb', '--extract', path, ROOT)


def run(*words, **options):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f'{words}: {done.stdout[-3000:]}{done.stderr[-3000:]}')
    return done.stdout


def field(package, name):
    return run('dpkg-deb', '--field', packages.files[package], name).strip()


def content(package):
    """Its files and links, but for its papers."""
    lines = run('dpkg-deb', '--contents', packages.files[package]).splitlines()
    paths = [line.split(maxsplit=5)[5].split(' -> ')[0].removeprefix('./') for line in lines if line[0] != 'd']
    return [path for path in paths if not path.startswith(f'usr/share/doc/{package}/')]


@test
def all_packages_are_there(_):
    equal(sorted(packages.files), sorted(PACKAGES))


@test
def they_are_of_this_version(_):
    version = re.search(r"^  version: '(.*)',$", (SOURCE / 'meson.build').read_text(encoding='utf-8'), re.MULTILINE)[1]
    equal({package: field(package, 'Version') for package in PACKAGES}, {package: version for package in PACKAGES})


@test
def each_file_is_where_it_belongs(_):
    for package, (patterns, _) in PACKAGES.items():
        found = content(package)
        equal((package, [path for path in found if not any(re.fullmatch(pattern, path) for pattern in patterns)]), (package, []))
        equal((package, [pattern for pattern in patterns if not any(re.fullmatch(pattern, path) for path in found)]), (package, []))


@test
def each_says_what_it_needs(_):
    for package, (_, needs) in PACKAGES.items():
        contains(field(package, 'Depends') if needs else '', *needs)
    # a program in C, and who drives QEMU with one, needs no Python and no shell
    for package in ('libqmp-glib-1.0-0', 'libqga-glib-1.0-0'):
        equal([word for word in ('python', 'readline', 'gjs') if word in field(package, 'Depends')], [])


@test
def they_can_be_installed(_):
    output = run('apt-get', '--simulate', '--no-install-recommends', '-o', 'Debug::NoLocking=1', 'install',
                 *packages.files.values(), env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    for package in PACKAGES:
        contains(output, f'Conf {package} ')


@test
def the_names_that_libraries_export_are_listed(_):
    for library in ('qmp', 'qga'):
        package = packages.files[f'lib{library}-glib-1.0-0']
        control = FOLDER / (library + '-control')
        run('dpkg-deb', '--control', package, control)
        symbols = (control / 'symbols').read_text(encoding='utf-8')
        contains(symbols, f'lib{library}-glib-1.0.so.0 lib{library}-glib-1.0-0 #MINVER#', f' {library}_connection_open@Base 0.1.0\n')
        equal([line for line in symbols.splitlines() if line.startswith(' ') and not line.startswith(f' {library}_')], [])


@test
def installed_tests_name_what_is_there(_):
    described = list((ROOT / 'usr/share/installed-tests/qmp-glib-1.0').iterdir())
    equal(len(described) > 60, True)
    for path in described:
        command = re.search(r'^Exec=(.*)$', path.read_text(encoding='utf-8'), re.MULTILINE)[1]
        for file in re.findall(r'(?:^|=| )/(usr/libexec/\S+)', command):
            equal((file, (ROOT / file).is_file()), (file, True))
        contains(command, '/usr/libexec/installed-tests/qmp-glib-1.0/')


@test
def lintian_has_nothing_to_say(_):
    # that this is no upload is known
    output = run('lintian', '--allow-root', '--fail-on', 'error,warning', '--suppress-tags',
                 'initial-upload-closes-no-bugs,bad-distribution-in-changes-file', packages.changes)
    equal(output, '')


@test
def programs_of_the_README_work_with_them(_):
    libdir, = (ROOT / 'usr' / 'lib').glob('*/pkgconfig')
    for path in libdir.iterdir():
        # they are not where they will be
        path.write_text(path.read_text(encoding='utf-8').replace('prefix=/usr', f'prefix={ROOT}/usr'), encoding='utf-8')
    environment = environment_of_prefix(SOURCE, ROOT / 'usr', libdir.parent)
    programs = Programs(SOURCE)
    for library, language in (('qmp', 'c'), ('qmp', 'js'), ('qmp', 'python'), ('qga', 'vala')):
        programs.check(library, language, environment)
    with Peer('START_QEMU') as peer:
        contains(run(ROOT / 'usr/bin/qmpctl', peer.address, 'call', 'query-status', env=environment), 'running')


use_starters(SOURCE)
packages = Packages()
sys.exit(run_all(contextlib.nullcontext))
