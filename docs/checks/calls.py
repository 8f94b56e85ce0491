# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: calls.py GIR PAGE

Checks the page that lists commands and their calls: that each call is there, is
given as many arguments as it takes, and can be written so in its language.
"""
import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

CORE = '{http://www.gtk.org/introspection/core/1.0}'
IDENTIFIER = '{http://www.gtk.org/introspection/c/1.0}identifier'
LINE = re.compile(r'^(C|JavaScript|Python|Vala) +((?:await |yield )?([\w.]+) ?\((.*)\))$', re.MULTILINE)


class Method:
    """How many arguments it takes in C, and in other languages at most and at least."""

    def __init__(self, element):
        parameters = element.findall(f'{CORE}parameters/{CORE}parameter')
        lengths = {int(array.get('length')) for array in element.iter(CORE + 'array') if array.get('length')}
        given = [each for i, each in enumerate(parameters) if i not in lengths and each.get('scope') is None and
                 each.get('closure') is None and each.get('name') != 'user_data']
        self.in_c = 1 + len(parameters) + (element.get('throws') == '1')
        self.most = self.least = len(given)
        while self.least and given[self.least - 1].get('nullable') == '1':
            self.least -= 1


def methods(gir):
    """By the name in C, and by the name in other languages."""
    found = {}
    for each in ET.parse(gir).getroot().iterfind(f'{CORE}namespace/{CORE}class[@name="Connection"]/{CORE}method'):
        found[each.get(IDENTIFIER)] = found[each.get('name')] = Method(each)
    return found


def judge(language, text, name, given, known):
    """Returns what is wrong with a call, or nothing."""
    count = len(given.split(', ')) if given else 0
    method = known.get(name if language == 'C' else name.partition('.')[2])
    if method is None:
        return 'there is no such call'
    least, most = {'C': (method.in_c, method.in_c), 'JavaScript': (method.most, method.most)}.get(
        language, (method.least, method.most))
    if not least <= count <= most:
        return f'it has {count} arguments, and takes {least} to {most}'
    if language == 'Python':
        try:
            ast.parse(text)
        except SyntaxError as error:
            return str(error)
    return ''


def main():
    known = methods(sys.argv[1])
    with open(sys.argv[2], encoding='utf-8') as file:
        calls = LINE.findall(file.read())
    failures = [f'{text}: {wrong}' for language, text, name, given in calls
                if (wrong := judge(language, text, name, given, known))]
    javascript = '\n'.join(text + ';' for language, text, *_ in calls if language == 'JavaScript')
    done = subprocess.run(['gjs', '-c', 'new (async () => {}).constructor(ARGV[0])', '"use strict";\n' + javascript],
                          capture_output=True, text=True, check=False)
    failures += done.stderr.splitlines()
    for failure in failures:
        print(failure)
    print(f'{len(calls)} calls, {len(failures)} failures')
    return 1 if failures or not calls else 0


sys.exit(main())
