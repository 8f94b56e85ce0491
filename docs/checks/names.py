# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: names.py SOURCE GIR...

Checks that there is what the pages mention in their sentences and tables: functions,
enum values and types of the libraries, as C writes them and as other languages do.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

C = '{http://www.gtk.org/introspection/c/1.0}'
CORE = '{http://www.gtk.org/introspection/core/1.0}'
FENCE = re.compile(r'^ *```.*?^ *```$', re.MULTILINE | re.DOTALL)
SPAN = re.compile(r'(?<!`)`([^`\n]+)`(?!`)')
IN_C = re.compile(r'\b(?:q(?:mp|ga)_[a-z0-9_]+(?= ?\()|Q(?:MP|GA)_[A-Z0-9_]+|Q(?:mp|ga)[A-Z]\w+)')
ELSEWHERE = re.compile(r'\b(Q(?:mp|ga))\.([A-Z]\w*)(?:\.(\w+))?')

# What the libraries do not have: what overrides add, environment variables, fields of the log.
OTHERS = {'call', 'call_async', 'events', 'of', 'new', 'QMP_ADDRESS', 'QGA_ADDRESS', 'QMP_COMMAND', 'QMP_DISABLE_DEPRECATION_WARNINGS',
          'QMP_USE_UNSTABLE', 'QMP_ERROR', 'QGA_ERROR'}


def read_gir(path, in_c, elsewhere):
    namespace = ET.parse(path).getroot().find(CORE + 'namespace')
    name = namespace.get('name')
    for each in namespace.iter():
        in_c |= {each.get(C + 'identifier'), each.get(C + 'type')} - {None}
    for kind in namespace:
        members = {child.get('name') for child in kind if child.get('name')}
        members |= {each.replace('-', '_') for each in members} | {each.upper() for each in members}
        elsewhere.setdefault((name, kind.get('name')), set()).update(members)


def complaints(code, in_c, elsewhere):
    yield from (name for name in IN_C.findall(code) if name not in in_c | OTHERS)
    for namespace, kind, member in ELSEWHERE.findall(code):
        members = elsewhere.get((namespace, kind))
        if members is None or (member and member not in members | OTHERS):
            yield '.'.join(filter(None, (namespace, kind, member)))


def main():
    source, in_c, elsewhere = pathlib.Path(sys.argv[1]), set(), {}
    for gir in sys.argv[2:]:
        read_gir(gir, in_c, elsewhere)
    spans, failures = 0, []
    for path in [source / 'README.md', source / 'NEWS.md', *sorted((source / 'docs').glob('*.md'))]:
        for code in SPAN.findall(FENCE.sub('', path.read_text(encoding='utf-8'))):
            spans += 1
            failures += [f'{path.relative_to(source)}: there is no {name}' for name in complaints(code, in_c, elsewhere)]
    for failure in failures:
        print(failure)
    print(f'{spans} pieces of code in sentences, {len(in_c)} names, {len(failures)} failures')
    return 1 if failures or not spans or not in_c else 0


sys.exit(main())
