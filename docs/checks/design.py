# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: design.py SOURCE GIR...

Checks that the page on the design tells the truth: that its tree has the types of the
GIRs that somebody wrote, no others, and that the states in its pictures are those of
the enums.  And that the pages on errors tell of each code.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

CORE = '{http://www.gtk.org/introspection/core/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'

# A picture, the prefix of its states, where their enum is, and whether the states that
# a program sees are in the picture.
PICTURES = (
    ('state-monitor.svg', 'QMP_SESSION_', 'qmp-glib/qmp-session-private.h', 'QMP_CONNECTION_STATE_', 'qmp-glib/qmp-connection.h'),
    ('state-agent.svg', 'QGA_LINE_', 'qga-glib/qga-session-private.h', None, None),
)

ERRORS = (
    ('errors.md', 'QMP_ERROR_', 'qmp-glib/qmp-error.h'),
    ('guest-errors.md', 'QGA_ERROR_', 'qga-glib/qga-error.h'),
)


def types_in(gir):
    """Names of classes and boxed types, but for the many that are made of descriptions."""
    namespace = ET.parse(gir).getroot().find(CORE + 'namespace')
    parents = {each.get('name'): each.get('parent') for each in namespace.findall(CORE + 'class')}

    def is_made(name):
        name = parents[name]
        return name == 'Struct' or (name in parents and is_made(name))

    records = [each.get('name') for each in namespace.findall(CORE + 'record') if not each.get(GLIB + 'is-gtype-struct-for')]
    return {f'{namespace.get("name")}.{name}' for name in [*records, *(each for each in parents if not is_made(each))]}


def tree_of(page):
    tree = re.search(r'^```text\n(GObject\n.*?)^```$', page, re.MULTILINE | re.DOTALL).group(1)
    return set(re.findall(r'\b(Q(?:mp|ga)\.\w+)', tree))


def values(header, prefix):
    """The values of an enum as words: QGA_LINE_OUT_OF_STEP is “out of step”."""
    names = re.findall(rf'^  {prefix}([A-Z_]+)[,\s]', header.read_text(encoding='utf-8'), re.MULTILINE)
    return {name.lower().replace('_', ' ') for name in names}


def words(picture, kind):
    text = picture.read_text(encoding='utf-8')
    return set(re.findall(rf'<text class="(?:[^"]* )?{kind}"[^>]*>([^<]+)</text>', text))


def codes_in(page):
    """The codes that the tables of the protocol's errors begin their rows with."""
    ours = page.read_text(encoding='utf-8').split('`G_IO_ERROR`\n', 1)[0]
    return {name.lower().replace('_', ' ') for name in re.findall(r'^\| `([A-Z_]+)` \|', ours, re.MULTILINE)}


def compare(what, shown, real):
    yield from (f'{what}: there is no “{name}”' for name in sorted(shown - real))
    yield from (f'{what}: “{name}” is not shown' for name in sorted(real - shown))


def main():
    source, girs = pathlib.Path(sys.argv[1]), sys.argv[2:]
    page = (source / 'docs' / 'design.md').read_text(encoding='utf-8')
    types = set().union(*map(types_in, girs))
    failures = list(compare('the tree', tree_of(page), types))
    for name, prefix, header, public_prefix, public_header in PICTURES:
        picture = source / 'docs' / 'images' / name
        # a link that has ended is told apart from its state
        states = values(source / header, prefix) | {'closed'}
        failures += compare(name, words(picture, 'state'), states)
        if public_prefix:
            failures += compare(name, words(picture, 'public'), values(source / public_header, public_prefix))
        if f'images/{name}' not in page or len(states) < 3:
            failures.append(f'{name} is not in the page, or its states were not found')
    for name, prefix, header in ERRORS:
        failures += compare(name, codes_in(source / 'docs' / name), values(source / header, prefix))
    for failure in failures:
        print(failure)
    print(f'{len(types)} types, {len(failures)} failures')
    return 1 if failures or not types else 0


sys.exit(main())
