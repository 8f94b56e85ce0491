# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the descriptions of QEMU's interfaces: the .api files.

A file holds one module; an entry begins at the margin, and what belongs to it
is indented.  After two spaces or more come notes, with commas between.

    struct BlockInfo   since 0.14
      device: str
      inserted?: BlockDeviceInfo
    union SocketAddress by type   since 2.9
      type: SocketAddressType
      = unix: UnixSocketAddress
    enum RunState
      debug
    alternate BlockdevRef   since 2.9
      definition: BlockdevOptions
      reference: str
    command query-block -> [BlockInfo]   since 0.14
    command blockdev-add (BlockdevOptions)   since 2.9
    event STOP   since 0.12

A question mark says that a member may be left out; square brackets, an array.
A member that only some of the versions covered have says since or until.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

BUILTIN = {
    'null', 'bool', 'int', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32',
    'uint64', 'size', 'number', 'str', 'any',
}


class DescriptionError(Exception):
    """Something in a description is wrong; says what and where."""


@dataclass
class Member:
    """A member, an argument, a branch or an alternative."""

    name: str
    type: str
    optional: bool = False
    notes: dict = field(default_factory=dict)

    @property
    def depth(self):
        """How many arrays are around it."""
        return len(self.type) - len(self.type.lstrip('['))

    @property
    def element(self):
        """The type within the arrays."""
        return self.type.strip('[]')


@dataclass
class Entry:
    """A type, a command or an event."""

    kind: str
    name: str
    module: str
    notes: dict
    boxed: str = None
    tag: str = None
    returns: str = None
    members: list = field(default_factory=list)
    branches: list = field(default_factory=list)
    values: list = field(default_factory=list)

    def member(self, name):
        """The member of that name, or None."""
        return next((each for each in self.members if each.name == name), None)


HEAD = re.compile(r'(struct|union|enum|alternate|command|event) ([\w.-]+)'
                  r'(?: \(([\w]+)\))?(?: by ([\w-]+))?(?: -> (\[*\w+\]*))?$')
MEMBER = re.compile(r'([\w.-]+)(\?)?: (\[*\w+\]*)$')


def read_notes(text):
    """Notes by their first word; what follows it is the value."""
    notes = {}
    for note in filter(None, (part.strip() for part in text.split(','))):
        word, _, rest = note.partition(' ')
        notes.setdefault(word, rest or True)
    return notes


class Reader:
    """Reads one file, entry by entry."""

    def __init__(self, path):
        self.path = path
        self.module = path.stem
        self.entries = []
        self.number = 0

    def fail(self, what):
        """Says what is wrong, and where."""
        raise DescriptionError(f'{self.path.name}:{self.number}: {what}')

    def read_head(self, text, notes):
        """A line at the margin."""
        match = HEAD.match(text)
        if match is None:
            self.fail(f'this is no entry: {text}')
        kind, name, boxed, tag, returns = match.groups()
        if (kind == 'union') != (tag is not None):
            self.fail('a union, and nothing else, has a tag')
        self.entries.append(Entry(kind, name, self.module, notes, boxed, tag, returns))

    def read_member(self, text, notes):
        """A member, an argument, or an alternative."""
        match = MEMBER.match(text)
        if match is None:
            self.fail(f'this is no member: {text}')
        name, optional, kind = match.groups()
        return Member(name, kind, optional is not None, notes)

    def read_body(self, text, notes):
        """An indented line."""
        if not self.entries:
            self.fail('this belongs to no entry')
        entry = self.entries[-1]
        if entry.kind == 'enum':
            entry.values.append(Member(text, 'str', notes=notes))
        elif text.startswith('= '):
            entry.branches.append(self.read_member(text[2:], notes))
        else:
            entry.members.append(self.read_member(text, notes))

    def read(self):
        """The entries of the file."""
        for line in self.path.read_text(encoding='utf-8').splitlines():
            self.number += 1
            if not line.strip() or line.startswith('#'):
                continue
            text, notes, *_ = [*re.split(r'  +', line.strip(), maxsplit=1), '']
            if line.startswith('  '):
                self.read_body(text, read_notes(notes))
            else:
                self.read_head(text, read_notes(notes))
        return self.entries


class Description:
    """All modules of one interface."""

    def __init__(self, folder):
        self.types, self.commands, self.events = {}, {}, {}
        for path in sorted(Path(folder).glob('*.api')):
            for entry in Reader(path).read():
                self.add(entry)
        self.check()

    def add(self, entry):
        """Puts an entry where it belongs; there is one of each name."""
        table = {'command': self.commands, 'event': self.events}.get(entry.kind, self.types)
        if entry.name in table:
            raise DescriptionError(f'{entry.module}: {entry.name} is there twice')
        table[entry.name] = entry

    def entries(self):
        """Everything."""
        return [*self.types.values(), *self.commands.values(), *self.events.values()]

    def check_type(self, entry, name):
        """A type must be there."""
        name = name.strip('[]')
        if name not in BUILTIN and name not in self.types:
            raise DescriptionError(f'{entry.module}: {entry.name}: there is no type {name}')

    def check_union(self, entry):
        """The tag is an enum, and each branch one of its values."""
        tag = entry.member(entry.tag)
        if tag is None or self.types.get(tag.type) is None or self.types[tag.type].kind != 'enum':
            raise DescriptionError(f'{entry.module}: {entry.name}: its tag {entry.tag} is no enum')
        values = {value.name for value in self.types[tag.type].values}
        for branch in entry.branches:
            if branch.name not in values:
                raise DescriptionError(f'{entry.module}: {entry.name}: {branch.name} is no {tag.type}')

    def check(self):
        """What holds for each entry."""
        for entry in self.entries():
            for each in [*entry.members, *entry.branches]:
                self.check_type(entry, each.type)
            for name in filter(None, (entry.boxed, entry.returns)):
                self.check_type(entry, name)
            if any(len({each.name for each in same}) < len(same) for same in (entry.members, entry.values, entry.branches)):
                raise DescriptionError(f'{entry.module}: {entry.name}: a name is there twice')
            if entry.kind == 'union':
                self.check_union(entry)

    def arguments(self, entry):
        """The members that a command takes or an event carries."""
        return self.types[entry.boxed] if entry.boxed else entry
