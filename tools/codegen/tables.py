# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the tables that the library reads: members, shapes, enums, commands."""

from layout import fit


def member_row(value):
    """A member as a line of a table."""
    parts = [f'"{value.name}"', f'WIRE_KIND_{value.kind}']
    if value.is_list:
        parts.append('.list = TRUE')
    if 'secret' in value.notes:
        parts.append('.secret = TRUE')
    if value.kind == 'ENUM':
        parts.append(f'.of = &{value.target.symbol}_enum')
    elif value.is_object:
        parts.append(f'.of = &{value.target.shape}')
    return '{ ' + ', '.join(parts) + ' }'


def member_table(name, values):
    """A table of members; there is none of none."""
    if not values:
        return ''
    rows = ''.join(f'  {member_row(value)},\n' for value in values)
    return f'static const WireMember {name}[] = {{\n{rows}}};\n'


def branch_table(made):
    """Which class each value of a union's tag leads to."""
    if made.kind != 'union':
        return ''
    tag = made.members[made.index(made.tag)].target
    rows = ''.join(f'  [{tag.value(name)}] = &{branch.shape},\n' for name, branch in made.branches.items())
    size = len(tag.entry.values)
    return f'static const WireShape *const {made.symbol}_branches[{size}] = {{\n{rows}}};\n'


def shape(made):
    """The table of a class."""
    members = f'{made.symbol}_members' if made.members else 'NULL'
    said = made.name if made.kind in ('struct', 'union', 'alternate') else made.c_name[3:]
    fields = [f'"{said}"', f'"{made.c_name}"', members, str(len(made.members))]
    if made.kind == 'union':
        fields += [f'.branches = {made.symbol}_branches', f'.tag = {made.index(made.tag)}']
    if made.base:
        tag = made.members[made.index(made.tag)].target
        fields += [f'.base = &{made.base.shape}', f'.tag = {made.index(made.tag)}', f'.branch = {{ WIRE_SLOT_SET, {{ {tag.value(made.branch)} }} }}']
    if made.kind == 'alternate':
        fields.append('.alternate = TRUE')
    fields.append(f'.get_type = {made.symbol}_get_type')
    text = ', '.join(fields)
    return (member_table(f'{made.symbol}_members', made.members) + branch_table(made) +
            f'const WireShape {made.shape} =\n' + fit(f'  {{ {text} }};') + '\n')


def enum(made):
    """The values of an enum."""
    rows = [f'  {{ {made.constant}_UNRECOGNIZED, "{made.constant}_UNRECOGNIZED", "unrecognized" }},\n']
    for value in made.entry.values:
        rows.append(f'  {{ {made.value(value.name)}, "{made.value(value.name)}", "{value.name}" }},\n')
    return (f'static const GEnumValue {made.symbol}_values[] = {{\n{"".join(rows)}  {{ 0, NULL, NULL }},\n}};\n'
            f'const WireEnum {made.symbol}_enum =\n'
            f'  {{ "{made.c_name}", {made.symbol}_values, {len(made.entry.values)}, {made.symbol}_get_type }};\n')


def command(call):
    """What a call is made of."""
    name = f'{call.table}_positional'
    fields = [f'"{call.entry.name}"', name if call.positional else 'NULL', str(len(call.positional))]
    for flag, there in (('has_result', call.result), ('secret', call.secret), ('passes_fd', 'passes-fd' in call.entry.notes),
                        ('unanswered', 'unanswered' in call.entry.notes)):
        if there:
            fields.append(f'.{flag} = TRUE')
    if call.result:
        fields.append(f'.result = {member_row(call.result)}')
    text = ', '.join(fields)
    return member_table(name, call.positional) + f'const WireCommand {call.table} =\n' + fit(f'  {{ {text} }};') + '\n'


def lists(model):
    """The commands and events of all modules, by name."""
    low = model.prefix.lower()
    calls = ''.join(f'  &{call.table},\n' for call in model.calls.values())
    events = ''.join(f'  {{ "{name}", &{made.shape} }},\n' for name, made in sorted(model.events.items()))
    text = f'const WireCommand *const {low}_commands[] = {{\n{calls}}};\nconst guint {low}_n_commands = {len(model.calls)};\n'
    if events:
        text += (f'const WireEventShape {low}_event_shapes[] = {{\n{events}}};\n'
                 f'const guint {low}_n_event_shapes = {len(model.events)};\n')
    return text


def declarations(model):
    """What the modules share, and nobody else sees."""
    low = model.prefix.lower()
    lines = [f'extern const WireEnum {made.symbol}_enum;' for made in model.enums.values()]
    lines += [f'extern const WireShape {made.shape};' for made in model.all_classes()]
    lines += [f'extern const WireCommand {call.table};' for call in model.calls.values()]
    lines += [f'extern const WireCommand *const {low}_commands[];', f'extern const guint {low}_n_commands;']
    if model.events:
        lines += [f'extern const WireEventShape {low}_event_shapes[];', f'extern const guint {low}_n_event_shapes;']
    return '\n'.join(lines) + '\n'
