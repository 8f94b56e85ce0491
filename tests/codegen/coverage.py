#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether the typed interface has all that real programs have: every command,
event, member, value and branch, on every path that their schemas lead along.
"""

import sys
from collections import Counter

import tap
from programs import agent_commands, ask_qemu, storage_daemon_schema
from schema import by_name, from_description, is_nothing
from typed import Library, accessor, nicks, snake
# the generator's own, which the line above makes known
from description import BUILTIN
from names import camel, parameter

# Which kinds can hold what of JSON.
HOLDERS = {'boolean': {'boolean'}, 'int': {'integer'}, 'number': {'number'}, 'string': {'string', 'bytes', 'enum'},
           'null': {'boolean'}, 'value': {'string'}}


class Walk:
    """Goes along a schema, and looks for each thing on its way."""

    def __init__(self, library, schema):
        self.library, self.schema = library, schema
        self.faults, self.counts = [], Counter()
        self.seen, self.ahead = set(), []

    def need(self, there, what):
        """Something must be there."""
        if not there:
            self.faults.append(what)
        return there

    def run(self, commands):
        """All that commands lead to, and events."""
        for name in commands:
            self.check_command(self.schema[name])
        for entry in self.schema.values():
            if entry['meta-type'] == 'event':
                self.check_event(entry)
        while self.ahead:
            self.check_object(*self.ahead.pop())
        return self

    # --- values

    def check_value(self, name, slot, path):
        """A place for a value of a type of the schema."""
        entry = self.schema[name]
        kind = entry['meta-type']
        if kind == 'array':
            self.check_list(self.schema[entry['element-type']], slot, path)
        elif kind == 'builtin':
            self.need(slot.kind in HOLDERS[entry['json-type']], f'{path}: {entry["json-type"]} in a {slot.kind}')
        elif kind == 'enum':
            self.need(slot.kind == 'enum', f'{path}: an enum in a {slot.kind}') and self.check_enum(entry, slot.of, path)
        elif self.need(slot.kind == 'object', f'{path}: an object in a {slot.kind}'):
            self.ahead.append((name, slot.of, path, False))

    def check_list(self, element, slot, path):
        """Of its elements: numbers and strings have lists of their own."""
        path += '[]'
        if element['meta-type'] in ('object', 'alternate'):
            if self.need(slot.kind == 'objects', f'{path}: objects in {slot.kind}'):
                self.ahead.append((element['name'], slot.of, path, False))
        elif element['meta-type'] == 'enum':
            if self.need(slot.kind == 'strings' and slot.of, f'{path}: values of an enum in {slot.kind}'):
                self.check_enum(element, slot.of, path)
        else:
            holder = {'int': 'integers', 'string': 'strings'}.get(element.get('json-type'))
            self.need(slot.kind == holder, f'{path}: a list of {element.get("json-type")} in {slot.kind}')

    def check_enum(self, entry, enum, path):
        """Each of its values."""
        for value in entry['values']:
            self.counts['values of enums'] += (entry['name'], value) not in self.seen
            self.seen.add((entry['name'], value))
            self.need(value in nicks(enum), f'{path}: {enum.__name__} has no {value}')

    # --- objects

    def check_object(self, name, owner, path, flat):
        """A class: members, branches and alternatives. What stands behind a branch and has branches itself is flat."""
        if (name, owner, flat) in self.seen:
            return
        self.seen.add((name, owner, flat))
        entry = self.schema[name]
        self.counts['classes'] += not flat
        if entry['meta-type'] == 'alternate':
            self.check_alternate(entry, owner, path)
            return
        for member in entry['members']:
            self.check_member(member, owner, f'{path}.{member["name"]}')
        for variant in entry.get('variants', []):
            if self.schema[variant['type']]['members']:
                self.check_branch(variant, owner, f'{path}({variant["case"]})', flat)

    def check_member(self, member, owner, path):
        """A member: its property, and the functions for it."""
        slot = self.library.read_property(owner, member['name'])
        self.counts['members'] += 1
        if not self.need(slot, f'{path}: {owner.__name__} has no such property'):
            return
        verbs = ['get', 'has'] + (['set', 'unset'] if hasattr(owner, 'new') else [])
        for verb in verbs:
            name = accessor(verb, member['name'])
            self.need(hasattr(owner, name), f'{path}: {owner.__name__} has no {name}')
        self.check_value(member['type'], slot, path)

    def check_branch(self, variant, owner, path, flat):
        """A class of its own, on top of the union."""
        if not flat:
            self.counts['branches'] += 1
            name = f'{owner.__name__}{camel(variant["case"])}Branch'
            found = self.library.find(name)
            if not self.need(found and issubclass(found, owner), f'{path}: there is no {name}'):
                return
            self.need(hasattr(found, 'new') == hasattr(owner, 'new'), f'{path}: {name} cannot be made')
            owner = found
        self.ahead.append((variant['type'], owner, path, True))

    def check_alternate(self, entry, owner, path):
        """One property for each kind."""
        left = {each.name: self.library.read_property(owner, each.name) for each in owner.list_properties()}
        for member in entry['members']:
            for name, slot in left.items():
                attempt = Walk(self.library, self.schema)
                attempt.check_value(member['type'], slot, path)
                # a string and null are told by their names, as null stands in a boolean
                if not attempt.faults and (self.schema[member['type']].get('json-type') == 'null') == (name == 'null'):
                    self.check_value(member['type'], slot, path)
                    self.counts['alternatives'] += 1
                    del left[name]
                    break
            else:
                self.need(False, f'{path}: {owner.__name__} has no place for {member["type"]}')

    # --- commands and events

    def check_command(self, entry):
        """The three functions, what they take, and what they give."""
        name = entry['name']
        connection = self.library.space.Connection
        forms = [getattr(connection, snake(name) + end, None) for end in ('', '_async', '_finish')]
        if not self.need(all(forms), f'{name}: there are not all forms of its call'):
            return
        self.counts['commands'] += 1
        given = [{each.get_name(): self.library.read_type(each.get_type()) for each in form.get_arguments()} for form in forms]
        for more in ('callback', 'user_data'):
            given[1].pop(more, None)
        self.need(given[0] == given[1], f'{name}: its forms take different things')
        self.check_arguments(entry, given[0])
        results = [self.library.read_type(forms[i].get_return_type()) for i in (0, 2)]
        self.need(results[0] == results[1], f'{name}: its forms give different things')
        self.check_result(entry, results[0])

    def check_arguments(self, entry, given):
        """One by one, or in the object that a call takes besides."""
        arguments = self.schema[entry['arg-type']]
        rest = []
        for member in arguments['members']:
            slot = given.get(parameter(member['name']))
            if slot and 'variants' not in arguments:
                self.counts['members'] += 1
                call = self.library.model.calls[entry['name']]
                value = next(each for each in call.positional if each.name == member['name'])
                self.name_enum(slot, value)
                self.check_value(member['type'], slot, f'{entry["name"]}.{member["name"]}')
            else:
                rest.append(member)
        if not rest:
            return
        if self.need('arguments' in given, f'{entry["name"]}: there is no place for {[each["name"] for each in rest]}'):
            owner = given['arguments'].of
            self.need(hasattr(owner, 'new'), f'{entry["name"]}: {owner.__name__} cannot be made')
            if 'variants' in arguments:
                self.ahead.append((arguments['name'], owner, entry['name'], False))
                return
            self.counts['classes'] += 1
            for member in rest:
                self.check_member(member, owner, f'{entry["name"]}.{member["name"]}')

    def name_enum(self, slot, value):
        """Of a list of names, introspection does not know the enum."""
        if slot.kind == 'strings' and value is not None and value.kind == 'ENUM':
            slot.of = self.library.find(value.target.c_name[3:])

    def check_result(self, entry, slot):
        """What comes back."""
        found = self.schema[entry['ret-type']]
        path = f'{entry["name"]} ->'
        if is_nothing(found) and slot.kind in ('boolean', 'enum'):
            return  # done, or taken on
        if is_nothing(found) and slot.kind == 'object':
            self.need(slot.of, path)
            return
        self.name_enum(slot, self.library.model.calls[entry['name']].result)
        self.check_value(found['name'], slot, path)

    def check_event(self, entry):
        """Its class."""
        name = camel(entry['name']) + 'Event'
        found = self.library.find(name)
        if self.need(found and issubclass(found, self.library.space.Struct), f'{entry["name"]}: there is no {name}'):
            self.counts['events'] += 1
            self.ahead.append((entry['arg-type'], found, entry['name'], False))


def check(program, library, schema, commands=None):
    """All of it is there."""
    if commands is None:
        commands = [name for name, entry in schema.items() if entry['meta-type'] == 'command']
    walk = Walk(library, schema).run(commands)
    assert not walk.faults, f'{len(walk.faults)} things are not there:\n' + '\n'.join(sorted(set(walk.faults)))
    assert walk.counts['commands'] == len(commands) > 0
    print(f'# {program}: ' + ', '.join(f'{count} {what}' for what, count in sorted(walk.counts.items())))


def test_qemu():
    """The emulator."""
    schema, version = ask_qemu()
    check(f'QEMU {version[0]}.{version[1]}', Library('Qmp'), by_name(schema))


def test_storage_daemon():
    """The storage daemon."""
    check('the storage daemon', Library('Qmp'), by_name(storage_daemon_schema()))


def test_agent():
    """The agent lists its commands, and describes none: the rest is told by the description."""
    library = Library('Qga')
    check('the agent', library, from_description(library.description, BUILTIN), [each['name'] for each in agent_commands()])


def test_whole_agent():
    """And all that other systems' agents have."""
    library = Library('Qga')
    check('all agents', library, from_description(library.description, BUILTIN))


def test_what_is_missing():
    """What a newer QEMU has is missed, each on its path."""
    schema = by_name(ask_qemu()[0])
    status = schema[schema['query-status']['ret-type']]
    status['members'].append({'name': 'mood', 'type': 'str'})
    next(each for each in status['members'] if each['name'] == 'running')['type'] = 'str'
    schema[next(each['type'] for each in status['members'] if each['name'] == 'status')]['values'].append('asleep')
    options = schema[schema['blockdev-add']['arg-type']]
    options['variants'].append({'case': 'tea', 'type': schema['query-status']['ret-type']})
    schema['query-tea'] = {'name': 'query-tea', 'meta-type': 'command', 'arg-type': schema['stop']['arg-type'],
                           'ret-type': schema['stop']['ret-type']}
    schema['TEA'] = {'name': 'TEA', 'meta-type': 'event', 'arg-type': schema['stop']['arg-type']}
    found = Walk(Library('Qmp'), schema).run([name for name, entry in schema.items() if entry['meta-type'] == 'command']).faults
    for fault in ('query-status ->.mood: StatusInfo has no such property', 'query-status ->.running: string in a boolean',
                  '.status: RunState has no asleep', 'TEA: there is no TeaEvent', '(tea): there is no BlockdevOptionsTeaBranch',
                  'query-tea: there are not all forms of its call'):
        assert any(each.endswith(fault) for each in found), f'“{fault}” was not said: {found}'


if __name__ == '__main__':
    sys.exit(tap.run(globals()))
