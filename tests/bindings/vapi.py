# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: vapi.py VAPI GIR

Whether a library reads well in Vala: rules that hold for all of its interface.
"""
import re
import sys
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent / 'codegen'), str(Path(__file__).parent.parent.parent / 'tools' / 'bindings')]
import gir  # noqa: E402
from tap import run  # noqa: E402

ATTRIBUTE = re.compile(r'\[\w+(?: \([^)]*\))?\]')
CALLABLE = re.compile(r'public (?P<modifiers>(?:(?:static|async|signal) )*)(?:(?P<type>\S.*?) )?(?P<name>[@\w.]+) '
                      r'\((?P<parameters>.*)\)(?: throws (?P<throws>.*))?;')
PROPERTY = re.compile(r'public (?P<type>\S+) (?P<name>@?\w+) \{ (?P<access>.*) \}')
TYPE = re.compile(r'public (?:sealed |abstract )*(?P<kind>class|enum|errordomain|struct|interface|delegate) (?P<name>\w+)')
# either these or what comes after them has to be there
NEEDED = {'Migration.start.uri', 'Migration.receive.uri'}
# what null is given for is the whole point of these
SETTER = re.compile(r'set_\w+|\w+\.for_\w+|watch_monitor')


class Callable:
    def __init__(self, owner, match, attributes, line):
        self.owner = owner
        self.line = line
        self.attributes = attributes
        self.name = match['name'].lstrip('@')
        self.is_async = 'async' in match['modifiers']
        self.is_signal = 'signal' in match['modifiers']
        self.type = match['type']
        self.throws = match['throws']
        self.parameters = [Parameter(text) for text in split(match['parameters'])]
        self.path = f'{owner}.{self.name}' if owner else self.name


class Parameter:
    def __init__(self, text):
        self.attributes = ''.join(ATTRIBUTE.findall(text))
        text = ATTRIBUTE.sub('', text).strip()
        text, _, default = text.partition(' = ')
        self.default = default or None
        *words, self.name = text.split(' ')
        self.is_out = words[0] == 'out'
        self.type = words[-1]

    @property
    def nullable(self):
        return self.type.endswith('?')


def split(text):
    """At the commas that stand in no brackets."""
    parts, depth = [''], 0
    for letter in text:
        depth += (letter in '(<[') - (letter in ')>]')
        if letter == ',' and depth == 0:
            parts.append('')
        else:
            parts[-1] += letter
    return [part for part in parts if part.strip()]


class Vapi:
    def __init__(self, path):
        self.text = Path(path).read_text(encoding='utf-8')
        self.types, self.callables, self.properties = {}, [], []
        owner, attributes = None, []
        for line in self.text.split('\n'):
            words = line.strip()
            if words.startswith('[') and words.endswith(']'):
                attributes.append(words)
                continue
            kind, callable_, property_ = TYPE.match(words), CALLABLE.fullmatch(words), PROPERTY.fullmatch(words)
            if kind and line.startswith('\tpublic'):
                owner = kind['name']
                self.types[owner] = (kind['kind'], ' '.join(attributes), words)
            elif callable_:
                self.callables.append(Callable(owner, callable_, ' '.join(attributes), words))
            elif property_:
                self.properties.append((owner, property_['name'].lstrip('@'), property_['type'], ' '.join(attributes)))
            elif line == '\t}':
                owner = None
            attributes = []

    def methods(self):
        return [one for one in self.callables if not one.is_signal]


vapi = Vapi(sys.argv[1])
namespace = gir.Namespace(sys.argv[2])


def none(found):
    """There is no such thing; if there is, which."""
    found = list(found)
    assert not found, '\n'.join([f'{len(found)} of them:', *map(str, found[:20])])


def test_all_is_read():
    """No rule holds for want of anything to hold it against."""
    assert len(vapi.methods()) > 500 and len(vapi.properties) > 100, (len(vapi.methods()), len(vapi.properties))
    none(line for line in vapi.text.split('\n') if line.strip().startswith('public ') and not any(
        pattern.match(line.strip()) for pattern in (TYPE, CALLABLE, PROPERTY, re.compile(r'public (const|static) '))))


def test_cancellables_may_be_left_out():
    found = [(one, parameter) for one in vapi.methods() for parameter in one.parameters if 'Cancellable' in parameter.type]
    assert found
    none(one.line for one, parameter in found if (parameter.type, parameter.default) != ('GLib.Cancellable?', 'null'))


def wants(one):
    """The last parameter that has no default, if it may be null."""
    for parameter in reversed([parameter for parameter in one.parameters if not parameter.is_out]):
        if parameter.default is None:
            return parameter if parameter.nullable else None
    return None


def test_what_may_be_null_may_be_left_out():
    none(one.line for one in vapi.methods()
         if not SETTER.fullmatch(one.name) and wants(one) and not is_struct(one.owner) and not is_needed(one))


def is_needed(one):
    return f'{one.owner}.{one.name.removesuffix("_async")}.{wants(one).name}' in NEEDED


def is_struct(name):
    return namespace.is_struct(name)


def test_asynchronous_calls():
    """Each is there as something to yield, with the parameters of the one that blocks."""
    blocking = {one.path: one for one in vapi.methods() if not one.is_async}
    waiting = {one.path: one for one in vapi.methods() if one.is_async}
    expected = {f'{owner}.{function.name}' for owner, one in namespace.classes.items()
                for function in one.functions.values() if function.is_async}
    assert expected and set(waiting) == expected, set(waiting) ^ expected
    none(one.line for one in waiting.values() if one.throws != 'GLib.Error')
    for path, one in waiting.items():
        other = blocking.get(path.removesuffix('_async'))
        if other is None:
            # of GIO's own interface
            assert path == 'File.seek_async', path
            continue
        mine, theirs = ([(parameter.name, parameter.type, parameter.default) for parameter in each.parameters if not parameter.is_out]
                        for each in (one, other))
        assert (mine, one.type, one.throws) == (theirs, other.type, other.throws), f'{one.line}\n{other.line}'


def test_errors_are_thrown():
    """Where C has a GError, and nowhere else."""
    expected = {f'{owner}.{function.name}' for owner, one in {**namespace.classes, **namespace.boxed}.items()
                for function in one.functions.values()
                if function.throws and function.kind == 'method' and not function.name.endswith('_finish')}
    found = {one.path for one in vapi.methods() if one.throws and not one.is_async}
    missing = expected - found
    assert not missing, missing
    none(one.line for one in vapi.methods() if one.throws not in (None, 'GLib.Error'))


def test_error_domain():
    kind, attributes, _ = vapi.types['Error']
    [expected] = [one for one in namespace.enums if one.is_error]
    assert kind == 'errordomain' and f'cprefix = "{namespace.name.upper()}_ERROR_"' in attributes, (kind, attributes)
    body = vapi.text.partition('errordomain Error {')[2].partition(';')[0]
    assert body.replace(',', ' ').split() == [name.upper() for name in expected.members], body


def test_no_c_is_left():
    none(line for line in vapi.text.split('\n') if re.search(
        r'void\*|AsyncResult|AsyncReadyCallback|_finish \(| get_type \(|PtrArray|GLib\.S?List\b|\bpointer\b|\bunref \(|@ref \(', line))


def test_nothing_is_there_twice():
    """Functions of a class or of an error stand with it, and nowhere else."""
    none(one.line for one in vapi.callables if one.owner is None and one.name.startswith(('error_', 'connection_', 'event_')))
    names = [one.path for one in vapi.callables if one.name != one.owner] + [f'{owner}.{name}' for owner, name, *_ in vapi.properties]
    none(name for name, count in Counter(names).items() if count > 1)


def test_headers():
    header = f'cheader_filename = "{namespace.name.lower()}-glib/{namespace.name.lower()}-glib.h"'
    none(f'{name}: {attributes}' for name, (_, attributes, _) in vapi.types.items() if header not in attributes)


def test_enums():
    """They have the names that C has, and the flags are flags."""
    enums = {name: attributes for name, (kind, attributes, _) in vapi.types.items() if kind == 'enum'}
    assert set(enums) == {one.name for one in namespace.enums if not one.is_error}, enums
    none(name for name, attributes in enums.items() if f'cprefix = "{namespace.name.upper()}_' not in attributes)
    assert {name for name, attributes in enums.items() if '[Flags]' in attributes} == {one.name for one in namespace.enums if one.flags}


LENGTH = re.compile(r'array_length_pos|array_null_terminated = true')


def test_lists_know_their_length_and_their_elements():
    found = [(one.line, parameter.type, parameter.attributes) for one in vapi.callables for parameter in one.parameters]
    found += [(one.line, one.type or '', one.attributes) for one in vapi.callables]
    found += [(f'{owner}.{name}', kind, attributes) for owner, name, kind, attributes in vapi.properties]
    assert any('[]' in kind for _, kind, _ in found)
    none(place for place, kind, attributes in found if '[]' in kind and not LENGTH.search(attributes))
    none(place for place, kind, _ in found if 'GenericArray' in kind and not re.search(r'GenericArray<weak \w+\.\w+>', kind))


def test_properties_may_be_null_where_their_getters_may():
    getters = {one.path: one.type for one in vapi.methods() if one.name.startswith('get_') and not one.parameters}
    assert getters
    none(f'{owner}.{name}: {kind}' for owner, name, kind, _ in vapi.properties
         if getters.get(f'{owner}.get_{name}', '').endswith('?') != kind.endswith('?') and f'{owner}.get_{name}' in getters)


SIZES = {'gint64': 'int64', 'guint64': 'uint64', 'gint': 'int', 'guint': 'uint', 'gdouble': 'double', 'gboolean': 'bool', 'GLib.Bytes': 'GLib.Bytes'}


def test_types_are_those_of_c():
    """Numbers keep their size, and bytes are bytes."""
    found = {one.path: one for one in vapi.methods()}
    kinds = {(owner, name): kind.rstrip('?') for owner, name, kind, _ in vapi.properties}
    for owner, each in namespace.classes.items():
        for function in each.functions.values():
            one = found.get(f'{owner}.{function.name}')
            if one is not None and not one.is_async and function.kind != 'constructor' and function.result.name in SIZES:
                kind = (one.type or '').removeprefix('unowned ').rstrip('?')
                assert kind == SIZES[function.result.name], one.line
        for member in each.properties:
            if member.type.name in SIZES:
                place = (owner, member.name.replace('-', '_'))
                assert kinds[place] == SIZES[member.type.name], (place, kinds[place])


def test_objects():
    """What is counted in C is counted by Vala; what nobody makes has no public constructor."""
    for name, one in namespace.boxed.items():
        low = f'{namespace.name.lower()}_{name.lower()}'
        if name in vapi.types:
            assert f'ref_function = "{low}_ref"' in vapi.types[name][1] and f'unref_function = "{low}_unref"' in vapi.types[name][1], name
    public = {one.owner for one in vapi.callables if one.name == one.owner and one.type is None}
    for name, one in namespace.classes.items():
        makes = any(function.kind == 'constructor' and function.name == 'new' for function in one.functions.values())
        assert makes == (name in public), name


sys.exit(run(globals()))
