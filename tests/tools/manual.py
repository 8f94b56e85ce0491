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
            # how words are set off is each page's own
            return file.read().replace('``', '').replace('**', '')

    yield {name: read(name) for name in PAGES}


def complete(program, *words):
    return [line.split('\t')[0] for line in Tool(program).run('--complete', *words).lines]


@test
def each_verb_is_there(texts):
    for program, text in texts.items():
        for verb in complete(program, ''):
            equal((program, verb, bool(re.search(rf'^(\S.*)?(?<!\S){verb}\b', text, re.MULTILINE))), (program, verb, True))


@test
def each_verb_of_qgactl_has_an_example(texts):
    for verb in complete('QGACTL', ''):
        shown = re.search(rf'^    .*\bqgactl (\S*[/:]\S* )?{verb}\b', texts['QGACTL'], re.MULTILINE)
        equal((verb, bool(shown)), (verb, True))


@test
def each_option_of_qgactl_is_there(texts):
    for verb in complete('QGACTL', ''):
        for option in complete('QGACTL', '/nowhere', verb, '--'):
            equal((verb, option, bool(re.search(rf'(?<!\S){option}\b', texts['QGACTL']))), (verb, option, True))


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
        section = text[text.index('EXIT STATUS'):]
        found = [int(number) for number in re.findall(r'^(\d+)\b', section, re.MULTILINE)]
        equal(found[:5], [0, 1, 2, 3, 4])


sys.exit(run_all(pages))
