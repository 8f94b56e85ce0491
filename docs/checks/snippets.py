# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: snippets.py --source FOLDER --build FOLDER [--gir GIR]... -- COMPILER...

Checks the fenced code in README.md, CONTRIBUTING.md, docs/*.md and the GIRs: what is
C stands in an example word for word, or compiles; what is JavaScript, Python or Vala
stands in an example, and those are run as tests.  In the README all of it does.
The GIRs' JavaScript and Python are read by their own parsers; so are shell, JSON and
meson.  (The tools' command lines in them are compared with the tools, and run, by
tests/tools/manual.py.)  What is none of these says that it is text.
The table of the examples has all of them.
"""
import argparse
import ast
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap
import xml.etree.ElementTree as ET

FENCE = re.compile(r'^ *(?:```|~~~)(.*)$')
OLD_STYLE = re.compile(r'\|\[.*|<programlisting>')
SUFFIXES = {'c': '.c', 'js': '.js', 'python': '.py', 'vala': '.vala'}

# What a piece that is no whole function may take as given: with either library
# for its own, which decides what a connection is.
PRELUDE = '''
#include <qmp-glib/qmp-glib.h>
#include <qga-glib/qga-glib.h>

gboolean take_snapshot (GError **error);
void keep_snapshot (void);
'''
GIVEN = '''
void snippet (%(given)s, const char *address, GCancellable *cancellable, GAsyncReadyCallback callback,
              gpointer user_data, JsonNode *node, int fd, GError *error);
void
snippet (%(given)s, const char *address, GCancellable *cancellable, GAsyncReadyCallback callback,
         gpointer user_data, JsonNode *node, int fd, GError *error)
{
  {
%(code)s  }
}
'''
GIVEN_BY_LIBRARY = (
    'QmpConnection *qemu, QmpConnection *connection, QmpOpenOptions *options, QmpValue *reply, QmpEvent *event, '
    'QmpEventStream *events',
    'QgaConnection *agent, QgaConnection *connection, QgaOpenOptions *options, QgaProcess *process, QgaFile *file',
)


def fenced(text):
    """Each piece with what stands behind its fence; that may be nothing."""
    language, code = None, []
    for line in text.split('\n'):
        fence = FENCE.match(line)
        if fence and language is None:
            language, code = fence[1].strip(), []
        elif fence:
            yield language, textwrap.dedent('\n'.join(code) + '\n')
            language = None
        elif language is not None:
            code.append(line)
        elif OLD_STYLE.match(line):
            yield 'an older style', line
    if language is not None:
        yield f'{language}, without an end', '\n'.join(code)


def in_markdown(source):
    for path in [source / 'README.md', source / 'CONTRIBUTING.md', *sorted((source / 'docs').glob('*.md'))]:
        for language, code in fenced(path.read_text(encoding='utf-8')):
            yield str(path.relative_to(source)), language, code


def in_gir(path):
    for doc in ET.parse(path).iter('{http://www.gtk.org/introspection/core/1.0}doc'):
        for language, code in fenced(doc.text or ''):
            yield f'{path.name}, line {doc.get("line")} of {doc.get("filename")}', language, code


def lines_of(text):
    """Lines without the first one's indentation, and without blank ends."""
    return [line.rstrip() for line in textwrap.dedent(text).strip('\n').split('\n')]


class Examples:
    def __init__(self, folder):
        self.texts = {path: path.read_text(encoding='utf-8').split('\n')
                      for path in sorted(folder.rglob('*')) if path.suffix in SUFFIXES.values()}

    def have(self, language, code):
        wanted = lines_of(code)
        return any(self.is_in(wanted, lines) for path, lines in self.texts.items()
                   if path.suffix == SUFFIXES[language])

    def have_whole(self, language, code):
        """As the whole of a file, but for the licence in its first line."""
        wanted = lines_of(code)
        return any(lines_of('\n'.join(lines[1:])) == wanted for path, lines in self.texts.items()
                   if path.suffix == SUFFIXES[language])

    @staticmethod
    def is_in(wanted, lines):
        for start in range(len(lines) - len(wanted) + 1):
            if lines_of('\n'.join(lines[start:start + len(wanted)])) == wanted:
                return True
        return False


class Compiler:
    def __init__(self, command, source, build, folder):
        flags = subprocess.run(['pkg-config', '--cflags', 'gio-unix-2.0', 'json-glib-1.0'],
                               check=True, capture_output=True, text=True).stdout.split()
        self.command = [*command, '-fsyntax-only', '-Wall', '-Werror', '-Wno-unused', '-Wno-missing-prototypes',
                        f'-I{source}', f'-I{build}', *flags]
        # the headers are large, and the same each time: they are compiled once
        prelude = pathlib.Path(folder, 'prelude.h')
        prelude.write_text(PRELUDE, encoding='utf-8')
        subprocess.run([*(flag for flag in self.command if flag != '-fsyntax-only'), '-x', 'c-header', prelude,
                        '-o', f'{prelude}.gch'], check=True)
        self.command += ['-include', str(prelude)]

    def complaints(self, text):
        with tempfile.NamedTemporaryFile('w', suffix='.c', encoding='utf-8') as file:
            file.write(text)
            file.flush()
            done = subprocess.run([*self.command, file.name], capture_output=True, text=True)
        return '' if done.returncode == 0 else done.stderr

    def complaints_about(self, code):
        """A piece is whole functions, or what stands inside of one."""
        if not self.complaints(code):
            return ''
        complaints = [self.complaints(GIVEN % {'given': given, 'code': textwrap.indent(code, '  ')})
                      for given in GIVEN_BY_LIBRARY]
        return '' if '' in complaints else '\n'.join(complaints)


def complaints_about_javascript(code):
    """Compiles it, as the body of an asynchronous function, and runs nothing."""
    done = subprocess.run(['gjs', '-c', 'new (async () => {}).constructor(ARGV[0])', code],
                          capture_output=True, text=True)
    return done.stderr if done.returncode != 0 else ''


def complaints_about_python(code):
    try:
        ast.parse(code)
    except SyntaxError as error:
        return str(error)
    return ''


def complaints_of(program, code, name):
    """What a program says of the code in a file of that name, if it does not like it."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, name)
        path.write_text(code, encoding='utf-8')
        done = subprocess.run([*program, path], capture_output=True, text=True)
    return '' if done.returncode == 0 else done.stderr + done.stdout


def complaints_about_json(code):
    try:
        json.loads(code)
    except ValueError as error:
        return str(error)
    return ''


# What is read and not run, by who reads it.
READERS = {
    'json': complaints_about_json,
    # a file of its own has to begin with that
    'meson': lambda code: complaints_of(['meson', 'introspect', '--ast'], "project('app')\n" + code, 'meson.build'),
    'sh': lambda code: complaints_of(['sh', '-n'], code, 'snippet.sh'),
    'text': lambda code: '',
}


def judge(place, language, code, examples, compiler):
    """Returns what is wrong, or nothing."""
    from_gir = ', line ' in place
    if language in READERS:
        return READERS[language](code)
    if language not in SUFFIXES:
        return f'code in “{language}”: nothing checks that'
    if place == 'README.md':
        return '' if examples.have_whole(language, code) else 'it is not one of docs/examples'
    if examples.have(language, code):
        return ''
    if language == 'c':
        return compiler.complaints_about(code)
    if from_gir and language == 'js':
        return complaints_about_javascript(code)
    if from_gir and language == 'python':
        return complaints_about_python(code)
    return 'it does not stand in any of docs/examples'


def too_long(examples):
    """The README's promise: programs of at most 20 lines."""
    for path, lines in examples.texts.items():
        if path.stem in ('status', 'guest-command') and len(lines_of('\n'.join(lines[1:]))) > 20:
            yield f'{path.name} has more than 20 lines'


def missing(folder):
    """What the table of examples leaves out, and what it has that is not there."""
    links = re.findall(r'\]\(([^)]+)\)', (folder / 'README.md').read_text(encoding='utf-8'))
    names = {path.name for path in folder.iterdir() if path.suffix in SUFFIXES.values()} - {'demo-guest.c'}
    for name in sorted(names ^ set(links)):
        yield f'docs/examples/README.md: {name} is not there' if name in links else f'docs/examples/README.md has no {name}'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--source', type=pathlib.Path, required=True)
    parser.add_argument('--build', type=pathlib.Path, required=True)
    parser.add_argument('--gir', type=pathlib.Path, action='append', default=[])
    parser.add_argument('compiler', nargs='+')
    options = parser.parse_args()

    examples = Examples(options.source / 'docs' / 'examples')
    pieces = [*in_markdown(options.source), *(piece for gir in options.gir for piece in in_gir(gir))]
    failures = [*too_long(examples), *missing(options.source / 'docs' / 'examples')]
    with tempfile.TemporaryDirectory() as folder:
        compiler = Compiler(options.compiler, options.source, options.build, folder)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            verdicts = list(pool.map(lambda piece: judge(*piece, examples, compiler), pieces))
        for (place, _, code), wrong in zip(pieces, verdicts):
            if wrong:
                failures.append(f'{place}: {wrong}\n{textwrap.indent(code, "    ")}')
    for failure in failures:
        print(failure)
    print(f'{len(pieces)} pieces of code, {len(failures)} failures')
    return 1 if failures or not pieces else 0


sys.exit(main())
