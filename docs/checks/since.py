# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: since.py GIR

Checks that every public symbol in a GIR says since when it exists.
"""
import sys
import xml.etree.ElementTree as ET

CORE = '{http://www.gtk.org/introspection/core/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'
SYMBOLS = {CORE + name for name in (
    'alias', 'bitfield', 'callback', 'class', 'constant', 'constructor', 'enumeration',
    'function', 'function-macro', 'interface', 'method', 'property',
    'record', 'union', 'virtual-method')} | {GLIB + 'signal', GLIB + 'boxed'}

# What G_DECLARE_FINAL_TYPE and its like make, nobody calls and nobody wrote.
GENERATED_RECORDS = 'is-gtype-struct-for'


def symbols(element, path):
    for child in element:
        # what has moved stands a second time, where it has moved to
        if child.get(GLIB + GENERATED_RECORDS) or child.get('moved-to'):
            continue
        name = path + [child.get('name') or child.tag.rpartition('}')[2]]
        if child.tag in SYMBOLS:
            yield '.'.join(name), child
            yield from symbols(child, name)


def is_type_macro(path, element):
    """QMP_TYPE_X, QMP_IS_X and QMP_X come with the type, and take its version."""
    return element.tag == CORE + 'function-macro' and not element.findall(CORE + 'doc')


def main():
    namespace = ET.parse(sys.argv[1]).getroot().find(CORE + 'namespace')
    found = [(path, element) for path, element in symbols(namespace, [namespace.get('name')])
             if not is_type_macro(path, element)]
    lacking = [path for path, element in found if not element.get('version')]

    for path in lacking:
        print(f'{path} has no “Since:”')
    print(f'{len(found)} symbols, {len(lacking)} without a version')
    return 1 if lacking or not found else 0


sys.exit(main())
