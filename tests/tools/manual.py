# SPDX-License-Identifier: LGPL-2.1-or-later
#
# That the manual pages leave out nothing that the tools can do.
import contextlib
import os
import re
import sys

from harness import Tool, equal, run_all, test

PAGES = [name for name in ('QMPCTL', 'QGACTL') if os.path.exists(f'{os.environ["MANUALS"]}/{name.lower()}.rst')]


@contextlib.contextmanager
def pages():
    def read(name):
        with open(f'{os.environ["MANUALS"]}/{name.lower()}.rst', encoding='utf-8') as file:
            return file.read()

    yield {name: read(name) for name in PAGES}


def complete(program, *words):
    return [line.split('\t')[0] for line in Tool(program).run('--complete', *words).lines]


@test
def each_verb_is_there_with_an_example(texts):
    for program, text in texts.items():
        for verb in complete(program, ''):
            told = re.search(rf'^{verb}\b', text, re.MULTILINE)
            shown = re.search(rf'^    .*\b{program.lower()} (\S*[/:]\S* )?{verb}\b', text, re.MULTILINE)
            equal((program, verb, bool(told), bool(shown)), (program, verb, True, True))


@test
def each_option_is_there(texts):
    for program, text in texts.items():
        for verb in complete(program, ''):
            for option in complete(program, '/nowhere', verb, '--'):
                equal((program, verb, option, bool(re.search(rf'(?<!\S){option}\b', text))), (program, verb, option, True))


@test
def nothing_is_there_that_is_not(texts):
    for program, text in texts.items():
        known = {option for verb in complete(program, '') for option in complete(program, '/nowhere', verb, '--')}
        told = set(re.findall(r'^ *(?:-\w(?: \w+)?, )?(--[a-z][a-z-]*)', text, re.MULTILINE))
        equal(told - known, {'--help', '--version'})


@test
def each_way_to_end_is_there(texts):
    equal('QGACTL' in texts, True)
    for text in texts.values():
        section = text[text.index('EXIT STATUS'):text.index('ENVIRONMENT')]
        equal([int(number) for number in re.findall(r'^(\d+)$', section, re.MULTILINE)][:5], [0, 1, 2, 3, 4])


sys.exit(run_all(pages))
