# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the descriptions come to in C: classes, enums and calls, with the names
and the forms that the templates write down."""

from dataclasses import dataclass, field

from description import BUILTIN, DescriptionError, Member
from names import camel, parameter, snake, upper

KINDS = {
    'null': 'NULL', 'bool': 'BOOLEAN', 'int8': 'INT8', 'int16': 'INT16', 'int32': 'INT32', 'int': 'INT64',
    'int64': 'INT64', 'uint8': 'UINT8', 'uint16': 'UINT16', 'uint32': 'UINT32', 'uint64': 'UINT64',
    'size': 'UINT64', 'number': 'DOUBLE', 'str': 'STRING', 'any': 'ANY',
}

# How a member is held: in C, to be read; in C, to be given; and in the wire's functions.
FORMS = {
    'NULL': ('gboolean', 'integer'), 'BOOLEAN': ('gboolean', 'integer'),
    'INT8': ('int', 'integer'), 'INT16': ('int', 'integer'), 'INT32': ('int', 'integer'),
    'INT64': ('gint64', 'integer'), 'UINT8': ('guint', 'integer'), 'UINT16': ('guint', 'integer'),
    'UINT32': ('guint', 'integer'), 'UINT64': ('guint64', 'integer'), 'DOUBLE': ('double', 'double'),
    'STRING': ('const char *', 'pointer'), 'ANY': ('const char *', 'pointer'),
    'BASE64': ('GBytes *', 'pointer'),
}


@dataclass
class Value:
    """A member, an argument or a result, as C sees it."""

    name: str
    kind: str
    is_list: bool
    target: object
    notes: dict
    optional: bool = False

    @property
    def form(self):
        """Which functions of the wire serve it."""
        if self.is_list:
            return 'strings' if self.is_text else 'objects' if self.is_object else 'integers'
        if self.kind in ('OBJECT', 'ALTERNATE'):
            return 'pointer'
        return 'integer' if self.kind == 'ENUM' else FORMS[self.kind][1]

    @property
    def is_text(self):
        """Whether its elements are strings."""
        return self.kind in ('STRING', 'ANY', 'ENUM')

    @property
    def is_object(self):
        """Whether it is one of our classes."""
        return self.kind in ('OBJECT', 'ALTERNATE')

    @property
    def is_wide(self):
        """Whether JavaScript has no number for all of its values."""
        return not self.is_list and self.kind in ('INT64', 'UINT64')

    @property
    def c_type(self):
        """A single value's type."""
        if self.kind == 'ENUM':
            return self.target.c_name + ' '
        if self.is_object:
            return self.target.c_name + ' *'
        text = FORMS[self.kind][0]
        return text if text.endswith('*') else text + ' '

    @property
    def element_type(self):
        """What a list of numbers is made of."""
        return 'guint64' if self.kind.startswith('U') else 'gint64'


@dataclass
class Enum:
    """An enum."""

    prefix: str
    entry: object

    @property
    def c_name(self):
        return self.prefix + self.entry.name

    @property
    def symbol(self):
        return f'{self.prefix.lower()}_{snake(self.entry.name)}'

    @property
    def constant(self):
        return self.symbol.upper()

    def value(self, name):
        """The constant of one of its values."""
        return f'{self.constant}_{upper(name)}'


@dataclass
class Class:
    """A struct, a union, a branch of one, an alternate, arguments, or an event's data."""

    prefix: str
    name: str
    entry: object
    kind: str
    members: list = field(default_factory=list)
    base: object = None
    branches: dict = field(default_factory=dict)
    tag: str = None
    branch: str = None
    behind: object = None
    sent: bool = False

    @property
    def c_name(self):
        return self.prefix + self.name

    @property
    def symbol(self):
        return f'{self.prefix.lower()}_{snake(self.name)}'

    @property
    def shape(self):
        return self.symbol + '_shape'

    @property
    def own(self):
        """Its members, without those of the union it is a branch of."""
        return self.members[len(self.base.members):] if self.base else self.members

    def index(self, member):
        return next(i for i, each in enumerate(self.members) if each.name == member)


@dataclass
class Call:
    """A command."""

    prefix: str
    entry: object
    positional: list
    arguments: object
    arguments_required: bool
    result: Value
    secret: bool

    @property
    def symbol(self):
        return f'{self.prefix.lower()}_connection_{snake(self.entry.name)}'

    @property
    def table(self):
        return f'{self.prefix.lower()}_command_{snake(self.entry.name)}'

    @property
    def parameters(self):
        """The positional ones, by the names they have in C."""
        return [(parameter(each.name), each) for each in self.positional]


class Model:
    """All of one library."""

    most_positional = 5

    def __init__(self, prefix, description):
        self.prefix = prefix
        self.description = description
        self.enums, self.classes, self.calls, self.events = {}, {}, {}, {}
        self.arguments = {}
        for entry in description.types.values():
            self.name_type(entry)
        for entry in description.types.values():
            self.fill_type(entry)
        for entry in description.commands.values():
            self.calls[entry.name] = self.make_call(entry)
        for entry in description.events.values():
            self.events[entry.name] = self.make_event(entry)
        self.mark_sent()

    def name_type(self, entry):
        """A type's class is there before what refers to it."""
        if entry.kind == 'enum':
            self.enums[entry.name] = Enum(self.prefix, entry)
        else:
            self.classes[entry.name] = Class(self.prefix, entry.name, entry, entry.kind)

    def value(self, entry, member):
        """What C makes of an entry's member."""
        kind, target = KINDS.get(member.element), None
        if member.element not in BUILTIN:
            target = self.enums.get(member.element) or self.classes[member.element]
            kind = 'ENUM' if isinstance(target, Enum) else 'ALTERNATE' if target.kind == 'alternate' else 'OBJECT'
        elif member.notes.get('encoding') == 'base64':
            kind = 'BASE64'
        if member.depth > 1 or (member.depth and kind in ('BOOLEAN', 'NULL', 'DOUBLE', 'BASE64')):
            raise DescriptionError(f'{entry.module}: {entry.name}: {member.name}: there is no form for {member.type}')
        return Value(member.name, kind, member.depth > 0, target, member.notes, member.optional)

    def flat_members(self, entry):
        """A struct's members; of a union that is a branch itself, those of all its branches."""
        members = {each.name: each for each in entry.members}
        for branch in entry.branches:
            for each in self.flat_members(self.description.types[branch.type]):
                if members.setdefault(each.name, each).type != each.type:
                    raise DescriptionError(f'{entry.module}: {entry.name}: {each.name} is of two types')
        return members.values()

    def fill_type(self, entry):
        """A class's members and branches."""
        if entry.kind == 'enum':
            return
        made = self.classes[entry.name]
        made.members = [self.value(entry, each) for each in entry.members]
        made.tag = entry.tag
        for branch in entry.branches:
            self.add_branch(made, branch)

    def add_branch(self, union, branch):
        """The class of one branch: the union's members, and those of the struct behind it."""
        entry = self.description.types[branch.type]
        members = self.flat_members(entry)
        if not members:
            return
        have = {each.name for each in union.members}
        own = [self.value(entry, each) for each in members if each.name not in have]
        union.branches[branch.name] = Class(
            self.prefix, f'{union.name}{camel(branch.name)}Branch', branch, 'branch', union.members + own, union,
            tag=union.tag, branch=branch.name, behind=self.classes[branch.type])

    def is_positional(self, entry, member):
        """Given one by one: what every version needs, if that is all but few."""
        versions = {'since', 'until'} & set(member.notes)
        return (not entry.boxed and len(entry.members) <= self.most_positional and not member.optional and
                not versions)

    def make_call(self, entry):
        """What a command takes and gives."""
        positional = [self.value(entry, each) for each in entry.members if self.is_positional(entry, each)]
        rest = [each for each in entry.members if not self.is_positional(entry, each)]
        arguments = self.classes[entry.boxed] if entry.boxed else None
        if rest or 'open' in entry.notes:
            name = camel(entry.name) + 'Arguments'
            arguments = Class(self.prefix, name, entry, 'arguments', [self.value(entry, each) for each in rest], sent=True)
            self.arguments[entry.name] = arguments
        required = bool(entry.boxed) or any(not each.optional for each in rest)
        result = self.value(entry, Member('return', entry.returns)) if entry.returns else None
        return Call(self.prefix, entry, positional, arguments, required, result, self.is_secret(entry))

    def is_secret(self, entry, seen=None):
        """Whether something that it takes must not be shown."""
        seen = seen if seen is not None else set()
        entry = self.description.types[entry.boxed] if getattr(entry, 'boxed', None) else entry
        if entry.name in seen:
            return False
        seen.add(entry.name)
        behind = [self.description.types[each.element] for each in [*entry.members, *entry.branches]
                  if each.element in self.description.types]
        return any('secret' in each.notes for each in entry.members) or any(self.is_secret(each, seen) for each in behind)

    def make_event(self, entry):
        """The data that an event carries."""
        members = [self.value(entry, each) for each in self.description.arguments(entry).members]
        return Class(self.prefix, camel(entry.name) + 'Event', entry, 'event', members)

    def mark_sent(self):
        """What goes into commands can be made and set."""
        ahead = [call.arguments for call in self.calls.values() if call.arguments]
        ahead += [each.target for call in self.calls.values() for each in call.positional if each.is_object]
        seen = set()
        while ahead:
            each = ahead.pop()
            if id(each) in seen:
                continue
            seen.add(id(each))
            each.sent = True
            ahead += [*each.branches.values(), *(member.target for member in each.members if member.is_object)]

    def all_classes(self):
        """In the order of the files."""
        for made in [*self.classes.values(), *self.arguments.values(), *self.events.values()]:
            yield made
            yield from made.branches.values()

    def modules(self):
        """The names of the files."""
        return sorted({each.module for each in self.description.entries()})
