# SPDX-License-Identifier: LGPL-2.1-or-later
"""Interfaces in the form of query-qmp-schema's answer, and values against them."""

JSON_TYPES = {'bool': 'boolean', 'number': 'number', 'str': 'string', 'any': 'value', 'null': 'null'}


def by_name(entries):
    """The entries of an answer."""
    return {entry['name']: entry for entry in entries}


def list_of(name, table):
    """An array's entry is made when it is first needed."""
    if name.startswith('[') and name not in table:
        table[name] = {'name': name, 'meta-type': 'array', 'element-type': list_of(name[1:-1], table)}
    return name


def describe_members(members, table):
    """Members of an object, or of an alternate."""
    return [{'name': each.name, 'type': list_of(each.type, table), **({'default': None} if each.optional else {})}
            for each in members]


def describe_type(entry, table):
    """A type; arguments and events have no names of their own."""
    if entry.kind == 'enum':
        return {'meta-type': 'enum', 'values': [each.name for each in entry.values]}
    if entry.kind == 'alternate':
        return {'meta-type': 'alternate', 'members': describe_members(entry.members, table)}
    found = {'meta-type': 'object', 'members': describe_members(entry.members, table)}
    if entry.kind == 'union':
        found['tag'] = entry.tag
        found['variants'] = [{'case': each.name, 'type': each.type} for each in entry.branches]
    return found


def from_description(description, builtin):
    """What a program would say of itself if it were as it is described."""
    table = {name: {'name': name, 'meta-type': 'builtin', 'json-type': JSON_TYPES.get(name, 'int')} for name in builtin}
    for entry in description.types.values():
        table[entry.name] = {'name': entry.name, **describe_type(entry, table)}
    for entry in description.commands.values():
        arguments = entry.boxed or f'arguments of {entry.name}'
        table.setdefault(arguments, {'name': arguments, **describe_type(entry, table)})
        table[entry.name] = {'name': entry.name, 'meta-type': 'command', 'arg-type': arguments,
                             'ret-type': list_of(entry.returns, table) if entry.returns else 'nothing'}
    table['nothing'] = {'name': 'nothing', 'meta-type': 'object', 'members': []}
    return table


def is_nothing(entry):
    """What a command gives that has no result."""
    return entry['meta-type'] == 'object' and not entry['members'] and 'variants' not in entry


def json_kind(value):
    """What JSON calls a value of Python."""
    kinds = {bool: 'boolean', int: 'int', float: 'number', str: 'string', list: 'array', dict: 'object', type(None): 'null'}
    return kinds[type(value)]


def kind_of(schema, name):
    """The same, of a type."""
    entry = schema[name]
    return {'builtin': entry.get('json-type'), 'enum': 'string', 'array': 'array', 'object': 'object'}[entry['meta-type']]


def fits(kind, value):
    """Whether a value can be of a kind of JSON; integers are numbers."""
    return kind in ('value', json_kind(value)) or (kind, json_kind(value)) == ('number', 'int')


def members_of(schema, name, value):
    """Members of an object, those of its branch among them."""
    entry = schema[name]
    members = {each['name']: each for each in entry['members']}
    for variant in entry.get('variants', []):
        if value.get(entry['tag']) == variant['case']:
            members.update(members_of(schema, variant['type'], value))
    return members


def flat_members(schema, name, case=None):
    """Members of an object, of its one branch, and of all branches behind that."""
    entry = schema[name]
    members = {each['name']: each for each in entry['members']}
    for variant in entry.get('variants', []):
        if case in (None, variant['case']):
            members.update(flat_members(schema, variant['type']))
    return members


def find_faults(schema, name, value):
    """Strictly: nothing unknown, nothing missing, nothing of another type. Gives the faults, and how many values there were."""
    faults, ahead, count = [], [(name, value, '')], 0
    while ahead:
        name, value, path = ahead.pop()
        entry = schema[name]
        count += 1
        if entry['meta-type'] == 'alternate':
            alternatives = [each['type'] for each in entry['members'] if fits(kind_of(schema, each['type']), value)]
            if len(alternatives) == 1:
                ahead.append((alternatives[0], value, path))
            else:
                faults.append(f'{path}: {value!r} is no alternative')
        elif not fits(kind_of(schema, name), value):
            faults.append(f'{path}: {value!r} is no {kind_of(schema, name)}')
        elif entry['meta-type'] == 'enum' and value not in entry['values']:
            faults.append(f'{path}: there is no value {value}')
        elif entry['meta-type'] == 'array':
            ahead += [(entry['element-type'], each, f'{path}[{i}]') for i, each in enumerate(value)]
        elif entry['meta-type'] == 'object':
            members = members_of(schema, name, value)
            faults += [f'{path}.{each}: it is unknown' for each in value if each not in members]
            faults += [f'{path}.{each}: it is missing' for each in members if each not in value and 'default' not in members[each]]
            ahead += [(members[each]['type'], value[each], f'{path}.{each}') for each in value if each in members]
    return faults, count
