# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a GIR says, as far as other languages need to know."""
import fnmatch
import re
import xml.etree.ElementTree as ET

CORE = '{http://www.gtk.org/introspection/core/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'
DEFAULT = re.compile(r'([\w*]+)\.([\w*]+)#(method|function|constructor)\.(\w+) default=(\S+)\n')
CALLABLES = {CORE + 'method': 'method', CORE + 'function': 'function', CORE + 'constructor': 'constructor'}


class Type:
    """Name is 'array' for lists, whose element is another type."""

    def __init__(self, holder):
        array, plain = holder.find(CORE + 'array'), holder.find(CORE + 'type')
        self.element = None
        if array is not None:
            self.name = 'array'
            self.element = Type(array)
        else:
            self.name = plain.get('name', 'none') if plain is not None else 'none'
        self.nullable = holder.get('nullable') == '1'
        # a type parameter, as in a list of the old kind
        if array is None and plain is not None and plain.find(CORE + 'type') is not None:
            self.element = Type(plain)

    @property
    def innermost(self):
        return self.element.innermost if self.element else self.name


class Parameter:
    def __init__(self, node):
        self.name = node.get('name')
        self.type = Type(node)
        self.nullable = node.get('nullable') == '1' or node.get('allow-none') == '1'
        self.default = None
        self.out = node.get('direction') in ('out', 'inout')
        self.closure = int(node.get('closure', -1))
        self.destroy = int(node.get('destroy', -1))
        lengths = node.find(CORE + 'array')
        self.length = int(lengths.get('length', -1)) if lengths is not None else -1


    @property
    def optional(self):
        """Whether it may be left out, if all behind it may."""
        return self.nullable or self.default is not None


class Function:
    def __init__(self, node):
        self.name = node.get('name')
        self.kind = CALLABLES.get(node.tag, 'callback')
        self.throws = node.get('throws') == '1'
        self.deprecated = node.get('deprecated') == '1'
        self.result = Type(node.find(CORE + 'return-value'))
        parameters = [Parameter(one) for one in node.iterfind(f'{CORE}parameters/{CORE}parameter')]
        unseen = {parameter.closure for parameter in parameters} | {parameter.destroy for parameter in parameters}
        unseen |= {parameter.length for parameter in parameters}
        result_array = node.find(f'{CORE}return-value/{CORE}array')
        if result_array is not None:
            unseen.add(int(result_array.get('length', -1)))
        visible = [parameter for number, parameter in enumerate(parameters)
                   if number not in unseen or parameter.closure == number]
        self.takes = [parameter for parameter in visible if not parameter.out and not is_data(parameter)]
        self.gives = [parameter for parameter in visible if parameter.out]

    @property
    def is_async(self):
        return self.name.endswith('_async')

    @property
    def is_setter(self):
        return self.name.startswith('set_') and len(self.takes) == 1

    @property
    def least(self):
        """How many parameters there are without those at the end that may be left out."""
        count = len(self.takes)
        while count and self.takes[count - 1].optional:
            count -= 1
        return count


def is_data(parameter):
    return parameter.type.name == 'gpointer'


class Property:
    def __init__(self, node):
        self.name = node.get('name')
        self.type = Type(node)
        self.writable = node.get('writable') == '1'
        self.readable = node.get('readable') != '0'
        self.getter = node.get('getter')


class Signal:
    def __init__(self, node):
        self.name = node.get('name')
        self.result = Type(node.find(CORE + 'return-value'))
        self.takes = [Parameter(one) for one in node.iterfind(f'{CORE}parameters/{CORE}parameter')]


class Class:
    def __init__(self, node):
        self.name = node.get('name')
        self.parent = node.get('parent')
        self.abstract = node.get('abstract') == '1'
        self.is_object = node.tag == CORE + 'class'
        self.functions = {one.get('name'): Function(one) for one in node if one.tag in CALLABLES}
        self.properties = [Property(one) for one in node.iterfind(CORE + 'property')]
        self.signals = [Signal(one) for one in node.iterfind(GLIB + 'signal')]


class Enum:
    def __init__(self, node):
        self.name = node.get('name')
        self.flags = node.tag == CORE + 'bitfield'
        self.is_error = node.get(GLIB + 'error-domain') is not None
        self.members = [one.get('name') for one in node.iterfind(CORE + 'member')]
        self.values = [int(one.get('value')) for one in node.iterfind(CORE + 'member')]
        self.functions = [Function(one) for one in node.iterfind(CORE + 'function')]


class Namespace:
    """Of a GIR, and of the metadata that Vala has, which tell values for arguments that are left out."""

    def __init__(self, path, metadata=None):
        root = ET.parse(path).getroot().find(CORE + 'namespace')
        self.name = root.get('name')
        self.version = root.get('version')
        self.classes = {one.get('name'): Class(one) for one in root.iterfind(CORE + 'class')}
        self.boxed = {one.get('name'): Class(one) for one in root.iterfind(CORE + 'record')
                      if one.get(GLIB + 'get-type') and not one.get(GLIB + 'is-gtype-struct-for')}
        self.enums = [Enum(one) for one in root if one.tag in (CORE + 'enumeration', CORE + 'bitfield')]
        self.functions = [Function(one) for one in root.iterfind(CORE + 'function') if not one.get('moved-to')]
        self.constants = [(one.get('name'), Type(one)) for one in root.iterfind(CORE + 'constant')]
        if metadata:
            with open(metadata, encoding='utf-8') as file:
                for line in file:
                    self.read_default(line)

    def read_default(self, line):
        match = DEFAULT.fullmatch(line)
        if not match or match[5] == 'null':
            return
        found = [parameter for name, one in self.classes.items() if fnmatch.fnmatchcase(name, match[1])
                 for function in one.functions.values()
                 if function.kind == match[3] and fnmatch.fnmatchcase(function.name, match[2])
                 for parameter in function.takes if parameter.name == match[4]]
        if not found:
            raise ValueError(f'nothing is meant by {line}')
        for parameter in found:
            parameter.default = self.number(match[5])

    def number(self, text):
        """Of a number, or of the name of an enum's value."""
        if re.fullmatch(r'-?\d+', text):
            return int(text)
        _, enum, member = text.split('.')
        [found] = [one for one in self.enums if one.name == enum]
        return found.values[found.members.index(member.lower())]

    def is_struct(self, name):
        while name in self.classes:
            if name == 'Struct':
                return True
            name = self.classes[name].parent
        return False

    def is_options(self, name):
        """Whether it is an object that is all properties, to be made of them."""
        return name in self.classes and (name.endswith('Options') or name == 'Limits') and not self.is_struct(name)
