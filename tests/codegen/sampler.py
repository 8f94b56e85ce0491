# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes sample values: as objects of the typed interface, and as the JSON that
they stand for."""

import base64
import itertools
import json
from collections import defaultdict

from schema import flat_members, members_of
from typed import GLib, Gio, accessor, nicks
# the generator's own, which the line above makes known
from names import property_name

DEPTH = 5  # where values that could go on end

BITS = {'8': 8, '16': 16, '32': 32, '64': 64}
TEXTS = ('tea', '', '“ü” \U0001f375 \\ "\n\t/')
JSONS = ('{"a":[1,-2.5,"x",null,true]}', '"text"', '[]', '18446744073709551615')
BYTES = (b'', b'\x00\xff\xfe', b'tea')


def range_of(kind):
    """The ends of an integer's range, and what is between."""
    bits = BITS[kind.lstrip('UINT')]
    return (0, 1, (1 << bits) - 1) if kind.startswith('U') else (-1, -(1 << bits - 1), (1 << bits - 1) - 1)


SCALARS = {
    'BOOLEAN': [(True, True), (False, False)], 'NULL': [(True, None)], 'DOUBLE': [(each, each) for each in (0.5, -1e300, 3.0)],
    'STRING': [(each, each) for each in TEXTS], 'ANY': [(each, json.loads(each)) for each in JSONS],
    'BASE64': [(GLib.Bytes.new(each), base64.b64encode(each).decode()) for each in BYTES],
    **{kind: [(each, each) for each in range_of(kind)] for kind in (f'{sign}INT{bits}' for sign in ('', 'U') for bits in BITS)},
}


def is_in(notes, version):
    """Whether a version has what is noted so."""
    numbers = {word: tuple(map(int, notes[word].split('.'))) for word in ('since', 'until') if word in notes}
    return numbers.get('since', version)[:2] <= version <= numbers.get('until', version)[:2]


class Sampler:
    """Values for one version of an interface."""

    def __init__(self, library, schema, version):
        self.library, self.schema, self.version = library, schema, version
        self.turns = defaultdict(itertools.count)
        self.sent = set()
        self.faults, self.left_out = set(), set()
        self.by_setters = False

    # --- what there is

    def has(self, notes, there, path):
        """What the schema has; it and the description must not contradict each other."""
        if there and not is_in(notes, self.version):
            self.faults.add(f'{path}: it is there, and should not be: {notes}')
        if not there and is_in(notes, self.version):
            self.left_out.add(path)  # by who built the program
        return there

    def choose(self, key, options):
        """One that was not yet sent, or the next in turn."""
        fresh = [each for each in options if (*key, each) not in self.sent]
        chosen = fresh[0] if fresh else options[next(self.turns[key]) % len(options)]
        self.sent.add((*key, chosen))
        return chosen

    def values_of(self, enum, name):
        """Those that this version has. An older one may not know that it is an enum."""
        found = self.schema[name].get('values')
        return [each.name for each in enum.entry.values
                if found is None or self.has(each.notes, each.name in found, f'{enum.entry.name}.{each.name}')]

    def branches_of(self, made, name):
        """By the values of the tag; those without members are their union alone."""
        tag = next(each for each in made.members if each.name == made.tag)
        there = {each['name']: each['type'] for each in self.schema[name]['members']}
        return self.values_of(tag.target, there[made.tag])

    def check_members(self, made, there):
        """A class has the members that are there, and no others."""
        described = {each.name for each in made.members}
        self.faults |= {f'{made.name}.{each}: it is not described' for each in there if each not in described}
        for each in made.members:
            self.has(each.notes, each.name in there, f'{made.name}.{each.name}')

    # --- values

    def make(self, value, name, depth):
        """A value, and its JSON."""
        if not value.is_list:
            return self.make_one(value, name, depth)
        n = 0 if value.is_object and depth > DEPTH else 2
        made = [self.make_one(value, self.schema[name]['element-type'], depth) for _ in range(n)]
        return [each[0] for each in made], [each[1] for each in made]

    def make_one(self, value, name, depth):
        """One that is no list."""
        if value.kind == 'ENUM':
            nick = self.choose(('value', value.target.c_name), self.values_of(value.target, name))
            enum = self.library.find(value.target.c_name[3:])
            return nick if value.is_list else enum(nicks(enum)[nick]), nick
        if value.kind == 'OBJECT':
            return self.make_object(value.target, name, depth + 1)
        if value.kind == 'ALTERNATE':
            return self.make_alternate(value.target, name, depth + 1)
        options = SCALARS[value.kind]
        return options[next(self.turns[value.kind]) % len(options)]

    def make_object(self, made, name, depth, branch=None):
        """A struct, or a branch of a union."""
        tags = {}
        if made.tag:
            nick = branch or self.choose(('branch', made.name), self.branches_of(made, name))
            tags[made.tag] = nick
            self.sent.add(('value', made.members[made.index(made.tag)].target.c_name, nick))
            made = made.branches.get(nick, made)
            self.choose_behind(made, name, tags)
        self.check_members(made, flat_members(self.schema, name, tags.get(made.tag)))
        there = members_of(self.schema, name, tags)
        return self.fill(made, {member: each['type'] for member, each in there.items()}, depth, tags)

    def choose_behind(self, made, name, tags):
        """A branch may have branches itself, by a tag of its own."""
        entry = self.schema[name]
        behind = next((self.schema[each['type']] for each in entry['variants'] if each['case'] == tags[entry['tag']]), {})
        if 'tag' not in behind:
            return
        tag = next(each for each in made.members if each.name == behind['tag'])
        values = self.values_of(tag.target, next(each['type'] for each in behind['members'] if each['name'] == tag.name))
        tags[tag.name] = self.choose(('branch', made.name), values)
        self.sent.add(('value', tag.target.c_name, tags[tag.name]))

    def fill(self, made, there, depth, tags):
        """Sets all members; a branch has set its own tag."""
        target = self.library.find(made.c_name[3:])()
        texts = dict(tags)
        for value in (each for each in made.members if each.name in there):
            if value.name == made.tag and made.kind == 'branch':
                continue
            if depth > DEPTH and value.optional and value.is_object:
                continue
            if value.name in texts:
                enum = self.library.find(value.target.c_name[3:])
                sample = enum(nicks(enum)[texts[value.name]])
            else:
                sample, texts[value.name] = self.make(value, there[value.name], depth)
            self.set(target, value, sample)
        return target, texts

    def set(self, target, value, sample):
        """By its setter, or as a property."""
        if self.by_setters:
            getattr(target, accessor('set', value.name))(sample)
            return
        if value.form == 'objects':
            store = Gio.ListStore.new(self.library.find(value.target.c_name[3:]).__gtype__)
            for each in sample:
                store.append(each)
            sample = store
        elif value.form == 'integers':
            sample = GLib.Variant('at' if value.kind.startswith('U') else 'ax', sample)
        target.set_property(property_name(value.name), sample)

    def make_alternate(self, made, name, depth):
        """Of its alternatives, one that ends where it has to."""
        fitting = {}
        for value in made.members:
            for each in self.schema[name]['members']:
                if self.is_of(value, self.schema[each['type']]):
                    fitting[value.name] = each['type']
        options = [each for each in made.members if each.name in fitting and not (each.is_object and depth > DEPTH)]
        chosen = self.choose(('alternative', made.name), [each.name for each in options])
        value = next(each for each in options if each.name == chosen)
        sample, text = self.make(value, fitting[chosen], depth)
        owner = self.library.find(made.c_name[3:])
        if self.by_setters:
            maker = getattr(owner, f'new_for_{property_name(chosen).replace("-", "_")}')
            return (maker() if value.kind == 'NULL' else maker(sample)), text
        target = owner()
        self.set(target, value, sample)
        return target, text

    def is_of(self, value, entry):
        """Whether an alternative is that of the schema."""
        kind = 'list' if value.is_list else value.kind
        return {'array': 'list', 'object': 'OBJECT', 'enum': 'ENUM'}.get(entry['meta-type'], None) == kind or (
            entry['meta-type'] == 'builtin' and not value.is_list and
            {'string': 'STRING', 'null': 'NULL', 'boolean': 'BOOLEAN', 'int': 'INT'}[entry['json-type']] in value.kind)

    # --- calls

    def make_call(self, call, name, branch=None):
        """What a command is given, and the arguments that come of it."""
        there = {each['name']: each['type'] for each in self.schema[name]['members']}
        given, texts = [], {}
        for value in call.positional:
            sample, texts[value.name] = self.make(value, there.pop(value.name), 0)
            given.append(sample)
        if call.arguments and call.entry.boxed:
            sample, texts = self.make_object(call.arguments, name, 0, branch)
            given.append(sample)
        elif call.arguments:
            self.check_members(call.arguments, there)
            sample, more = self.fill(call.arguments, there, 0, {})
            given.append(sample)
            texts.update(more)
        else:
            self.faults |= {f'{call.entry.name}: there is no place for {each}' for each in there}
        return given, texts

    def reach(self, call, name):
        """All that can be chosen on the way of a command's arguments."""
        found, seen, ahead = set(), set(), []
        there = {each['name']: each['type'] for each in self.schema[name]['members']}
        if call.entry.boxed:
            ahead.append(('OBJECT', call.arguments, name))
        else:
            members = call.positional + (call.arguments.members if call.arguments else [])
            ahead += [(each.kind, each.target, self.element(there[each.name])) for each in members
                      if each.target and each.name in there]
        while ahead:
            kind, target, type_name = ahead.pop()
            if (target.c_name, type_name) in seen:
                continue
            seen.add((target.c_name, type_name))
            if kind == 'ENUM':
                found |= {('value', target.c_name, each) for each in self.values_of(target, type_name)}
                continue
            if kind == 'ALTERNATE':
                alternatives = {value.name: each['type'] for value in target.members for each in self.schema[type_name]['members']
                                if self.is_of(value, self.schema[each['type']])}
                found |= {('alternative', target.name, each) for each in alternatives}
                ahead += [(value.kind, value.target, self.element(alternatives[value.name])) for value in target.members
                          if value.target and value.name in alternatives]
                continue
            shapes = [(target, flat_members(self.schema, type_name))]
            if target.tag:
                branches = self.branches_of(target, type_name)
                found |= {('branch', target.name, each) for each in branches}
                shapes = [(target.branches.get(each, target), flat_members(self.schema, type_name, each)) for each in branches]
            for made, members in shapes:
                ahead += [(value.kind, value.target, self.element(members[value.name]['type'])) for value in made.members
                          if value.target and value.name in members]
        return found

    def element(self, name):
        """What is in an array."""
        entry = self.schema[name]
        return entry['element-type'] if entry['meta-type'] == 'array' else name
