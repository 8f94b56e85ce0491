# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The README's programs, as a reader has them: copied out of it into an empty
# folder, built and run by the commands that it gives, with what docs/packaging.md
# says of the environment and nothing else.
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from harness import LONGEST, Peer, equal

FENCE = re.compile(r'^```(\w+)\n(.*?)^```$', re.MULTILINE | re.DOTALL)
# of each the end of its commands in the README
LANGUAGES = {'c': 'program.c', 'vala': 'program.vala', 'js': 'program.js', 'python': 'program.py'}
HOME = {'HOME': '/nonexistent', 'LC_ALL': 'C.UTF-8', 'PATH': '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'}


def fences(path):
    return FENCE.findall(pathlib.Path(path).read_text(encoding='utf-8'))


def environment_of_prefix(source, prefix, libdir):
    """What the page on packaging says to set, of a shell that has nothing set."""
    snippet, = (code for language, code in fences(source / 'docs' / 'packaging.md')
                if language == 'sh' and 'export GI_TYPELIB_PATH' in code)
    for name, value in {'prefix': prefix, 'libdir': libdir}.items():
        snippet, changes = re.subn(f'^{name}=.*$', f'{name}={value}', snippet, flags=re.MULTILINE)
        equal((name, changes), (name, 1))
    output = subprocess.run(['bash', '-euc', snippet + '\nenv -0'], env=HOME, check=True, capture_output=True, text=True).stdout
    variables = dict(line.split('=', 1) for line in output.split('\0') if line)
    return {name: value for name, value in variables.items() if name not in ('_', 'SHLVL', 'PWD')}


class Programs:
    def __init__(self, source):
        self.codes = {}
        self.commands = {}
        for language, code in fences(source / 'README.md'):
            if language in LANGUAGES:
                library = 'qga' if re.search(r'\bQga\b|qga-glib', code) else 'qmp'
                equal((library, language) in self.codes, False)
                self.codes[library, language] = code
            for line in code.splitlines() if language == 'sh' else []:
                for name, file in LANGUAGES.items():
                    if re.search(r'\b' + re.escape(file) + r'(\s|$)', line):
                        self.commands[name] = line
        equal(sorted(self.codes), sorted((library, language) for library in ('qga', 'qmp') for language in LANGUAGES))
        equal(sorted(self.commands), sorted(LANGUAGES))

    def run(self, library, language, environment):
        """With the address that the program has by itself: its output."""
        kind, name = {'qmp': ('START_QEMU', 'qmp.sock'), 'qga': ('START_AGENT', 'agent.sock')}[library]
        with Peer(kind) as peer, tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / LANGUAGES[language]).write_text(self.codes[library, language], encoding='utf-8')
            (path / name).symlink_to(peer.address)
            command = self.commands[language].replace('qmp-glib-1.0', library + '-glib-1.0')
            done = subprocess.run(['sh', '-euc', command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=2 * LONGEST)
            if done.returncode != 0:
                raise AssertionError(f'{command}: {done.stdout}{done.stderr}')
            return done.stdout

    def check(self, library, language, environment):
        wanted = 'running\n' if library == 'qmp' else subprocess.check_output(['uname', '-a'], text=True)
        equal(self.run(library, language, environment), wanted)


def use_starters(source):
    """What the programs talk to comes from beside the tests of bindings."""
    for name in ('agent', 'qemu'):
        os.environ['START_' + name.upper()] = str(source / 'tests' / 'bindings' / ('start-' + name))


def clear(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
