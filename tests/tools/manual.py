# SPDX-License-Identifier: LGPL-2.1-or-later
#
# That the manual pages leave out nothing that the tools can do, and that their
# examples work when they are copied.
import contextlib
import glob
import os
import re
import subprocess
import sys

from harness import LONGEST, Peer, Tool, equal, run_all, test

PROGRAMS = ('QMPCTL', 'QGACTL')

# Examples that need a guest, a qcow2, a second QEMU, a terminal or an event, or go on
# until they are stopped: the tests of their verbs run the like of them.
ELSEWHERE = r'events|events .*|.*--event .*|wait --end|run .*|powerdown --force .*|snapshot save .*|overlay .*|migrate .*|proxy .*|' \
            r'record .*|replay .*|(device|disk) remove .*|jobs wait .*|shell'


@contextlib.contextmanager
def pages():
    def read(name):
        with open(f'{os.environ["MANUALS"]}/{name.lower()}.rst', encoding='utf-8') as file:
            return file.read().replace('**', '')

    yield {name: read(name) for name in PROGRAMS}


def complete(program, *words):
    return [line.split('\t')[0] for line in Tool(program).run('--complete', *words).lines]


def section(text, verb):
    """What is told with a verb: lines that begin with it, and what is set in below."""
    return ''.join(re.findall(rf'^{verb}\b.*\n(?:(?: .*)?\n)*', text, re.MULTILINE))


def examples(text, program):
    """Lines of code that have the tool in them."""
    return re.findall(rf'^    ((?:.*\| )?{program.lower()} .*)$', text, re.MULTILINE)


@test
def each_verb_is_there(texts):
    for program, text in texts.items():
        for verb in complete(program, ''):
            equal((program, verb, section(text, verb) != ''), (program, verb, True))


@test
def each_verb_has_an_example(texts):
    for program, text in texts.items():
        for verb in complete(program, ''):
            shown = [line for line in examples(section(text, verb), program)
                     if re.search(rf'{program.lower()} (\S*[/:]\S* )?{verb}\b', line)]
            equal((program, verb, shown != []), (program, verb, True))


@test
def each_option_is_told_with_its_verb(texts):
    for program, text in texts.items():
        common = text[text.index('\nOPTIONS\n'):text.index('\nVERBS THAT LOOK\n')]
        for verb in complete(program, ''):
            told = common + section(text, verb)
            for option in complete(program, '/nowhere', verb, '--'):
                equal((program, verb, option, bool(re.search(rf'(?<!\S){option}\b', told))), (program, verb, option, True))


def pages_of_books():
    """In the tool's own page and the README, command lines are run, too."""
    folder = os.environ['MANUALS'] + '/..'
    run = [folder + '/command-line.md', folder + '/../README.md']
    return run, sorted(set(glob.glob(folder + '/*.md')) - set(run))


def commands_in(paths, sentences):
    """Command lines in code blocks marked as `sh`, in tables, and, if wanted, in sentences."""
    for path in paths:
        with open(path, encoding='utf-8') as file:
            text = file.read()
        blocks = re.findall(r'^```sh\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)
        yield from (line for block in blocks for line in block.splitlines() if re.search(r'\bq(mp|ga)ctl ', line))
        prose = re.sub(r'^```.*?^```$', '', text, flags=re.MULTILINE | re.DOTALL)
        for line in prose.splitlines():
            if sentences or line.startswith('|'):
                yield from re.findall(r'`(q(?:mp|ga)ctl [^`]+)`', line)


@test
def books_show_what_there_is(_):
    shown = {program: set() for program in PROGRAMS}
    run, read = pages_of_books()
    for line in commands_in(run + read, True):
        name, words = re.search(r'\b(qmpctl|qgactl) (.*)', line.split(' -- ')[0]).groups()
        program, words = name.upper(), words.split()
        verb = words[0] if words[0] in complete(program, '') else words[1]
        equal((line, verb in complete(program, '')), (line, True))
        known = complete(program, '/nowhere', verb, '--')
        equal((line, [word for word in words if word.startswith('--') and word not in known]), (line, []))
        shown[program].add(line)
    for program, lines in shown.items():
        equal((program, len(lines) >= 10), (program, True))


class Running(Peer):
    """A machine with all that the examples take for granted, as it starts."""

    def __init__(self):
        super().__init__('START_QEMU', '-M', 'pc', '-device', 'VGA', '-device', 'virtio-balloon-pci,id=balloon')


def run_example(line):
    with Running() as machine:
        os.symlink(os.environ['QMPCTL'], machine.folder + '/qmpctl')
        for name in ('vm.qmp', 'qmp.sock'):
            os.symlink(machine.address, f'{machine.folder}/{name}')
        with open(machine.folder + '/data.img', 'wb') as disk:
            disk.truncate(1 << 20)
        done = subprocess.run(['sh', '-c', line.replace('/run/vm.qmp', machine.address).replace('/srv', machine.folder)], cwd=machine.folder, timeout=LONGEST,
                              env={**os.environ, 'PATH': machine.folder + ':' + os.environ['PATH']},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        equal((line, done.returncode, done.stderr), (line, 0, ''))


@test
def examples_of_qmpctl_work(texts):
    shown = examples(texts['QMPCTL'], 'QMPCTL') + [line for line in commands_in(pages_of_books()[0], False) if re.search(r'qmpctl (vm\.qmp|qmp\.sock) ', line)]
    run = [line for line in dict.fromkeys(shown)
           if not re.fullmatch(rf'qmpctl (\S*[/.]\S* )?({ELSEWHERE})', line) and '| jq' not in line]
    for line in run:
        run_example(line)
    # they were found
    equal(len(run) >= 30, True)


@test
def nothing_is_there_that_is_not(texts):
    for program, text in texts.items():
        known = {option for verb in complete(program, '') for option in complete(program, '/nowhere', verb, '--')}
        told = set(re.findall(r'^ *(?:-\w(?: \w+)?, )?(--[a-z][a-z-]*)', text, re.MULTILINE))
        equal(told - known, {'--help', '--version'})


@test
def each_way_to_end_is_there(texts):
    for text in texts.values():
        section = text[text.index('EXIT STATUS'):]
        found = [int(number) for number in re.findall(r'^(\d+)\b', section, re.MULTILINE)]
        equal(found, [0, 1, 2, 3, 4, 130])


@test
def what_the_environment_does_is_there(texts):
    for program, text in texts.items():
        section = text[text.index('\nENVIRONMENT\n'):text.index('\nFILES\n')]
        variables = re.findall(r'^([A-Z_]+)$', section, re.MULTILINE)
        equal({variable for variable in variables if variable not in ('ENVIRONMENT', 'QEMU')},
              {program[:3] + '_ADDRESS', 'NO_COLOR', 'G_MESSAGES_DEBUG'})


sys.exit(run_all(pages))
