# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes enums and classes: what a user of C sees, and what stands behind it."""

from names import accessor, parameter, property_name, snake
from words import comment, listed

NEW = {'struct', 'union', 'branch', 'arguments'}


class Classes:
    """Templates for one library."""

    def __init__(self, model, words):
        self.model = model
        self.words = words
        self.low, self.up, self.prefix = model.prefix.lower(), model.prefix.upper(), model.prefix
        self.available = f'{self.up}_AVAILABLE_IN_0_1'
        self.uses = self.find_uses()

    def mark(self, notes):
        """The macro in front of a declaration."""
        if 'deprecated' in notes:
            return f'{self.up}_DEPRECATED_BY_QEMU'
        return f'{self.up}_UNSTABLE_IN_QEMU' if 'unstable' in notes else self.available

    def find_uses(self):
        """Links to what takes, gives or has each class and enum, by the id of that."""
        uses = {}

        def note(values, link):
            for target in [value.target for value in values if value and value.target]:
                known = uses.setdefault(id(target), [])
                if link not in known:
                    known.append(link)

        for call in self.model.calls.values():
            note([call.result, *call.positional], self.words.link_call(call))
            if call.entry.boxed:
                uses.setdefault(id(call.arguments), []).append(self.words.link_call(call))
        for made in self.model.all_classes():
            note([value for value in made.own if value.target is not made], self.words.link(made))
            if made.behind:
                uses.setdefault(id(made.behind), []).append(self.words.link(made))
        return uses

    # --- enums

    def enum_header(self, made):
        """The enum itself."""
        low = self.words
        said = [(f'{made.constant}_UNRECOGNIZED', 'none, or one that is newer than this library')]
        said += [(made.value(each.name), f'`{each.name}`. {low.of_versions(each.notes)}'.rstrip('. ') )
                 for each in made.entry.values]
        values = f'  {made.constant}_UNRECOGNIZED = -1,\n'
        values += ''.join(f'  {made.value(each.name)} = {i},\n' for i, each in enumerate(made.entry.values))
        macro = f'{self.up}_TYPE_{made.symbol.upper()[4:]}'
        text = [f'The enum `{made.entry.name}`.', low.of_uses(self.uses.get(id(made))), low.of_versions(made.entry.notes)]
        return (comment(made.c_name, text, said) + f'typedef enum\n{{\n{values}}} {made.c_name};\n\n'
                f'#define {macro} ({made.symbol}_get_type ())\n{self.available} GType {made.symbol}_get_type (void);\n')

    def enum_source(self, made):
        """How it becomes known to GObject."""
        return (f'GType {made.symbol}_get_type (void) '
                f'{{ static gsize type; return wire_enum_register (&type, &{made.symbol}_enum); }}\n')

    # --- what a class has

    def functions(self, made):
        """Each function of a class: its comment, mark, type, name, parameters and body."""
        yield from self.constructors(made)
        for i, value in list(enumerate(made.members))[len(made.members) - len(made.own):]:
            yield from self.readers(made, value, i)
            if made.sent:
                yield from self.writers(made, value, i)
        if made.behind:
            yield self.converter(made)

    def constructors(self, made):
        """How to make one."""
        one = self.words.one(made)
        if made.sent and made.kind in NEW:
            yield (comment(f'{made.symbol}_new', [f'Makes {one} that has no members yet.'],
                           returns='(transfer full): the new object'),
                   self.available, f'{made.c_name} *', f'{made.symbol}_new', 'void',
                   f'return g_object_new ({made.symbol}_get_type (), NULL);')
        if made.kind == 'alternate':
            yield from (self.alternative(made, value, i) for i, value in enumerate(made.members))
        if made.kind in ('struct', 'union', 'alternate', 'event', 'arguments'):
            yield self.reader(made, one)

    def reader(self, made, one):
        """From JSON."""
        text = [f'Reads {one} from JSON. Members that this library does not know are kept: `to_json` gives them back.',
                f'Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one JSON value, and with '
                f'%{self.up}_ERROR_UNEXPECTED_VALUE when a value is not of its type: the message has its path.']
        return (comment(f'{made.symbol}_new_from_json', text, [('json', 'the text of one JSON value'), ('error', 'return location')],
                        returns='(transfer full): the new object, or %NULL if it failed'),
                self.available, f'{made.c_name} *', f'{made.symbol}_new_from_json', 'const char *json, GError **error',
                f'return {self.low}_struct_new_from_json (&{made.shape}, json, error);')

    def alternative(self, made, value, i):
        """An alternate by one of its alternatives."""
        name = f'{made.symbol}_new_for_{snake(value.name)}'
        what = parameter(value.name)
        given, documented = self.given(value, what)
        if value.kind == 'NULL':
            given, documented = 'void', []
        body = f'{made.c_name} *self = g_object_new ({made.symbol}_get_type (), NULL); '
        body += self.setting(made, value, i, 'TRUE' if value.kind == 'NULL' else what) + ' return self;'
        text = [f'Makes {self.words.one(made)} that is {self.words.of_value(value)}.']
        return (comment(name, text, documented, '(transfer full): the new object'), self.available, f'{made.c_name} *', name,
                given, body)

    def given(self, value, name):
        """A value as parameters, and what is said about them."""
        said = self.words.of_value(value)
        if value.form == 'strings':
            return f'const char *const *{name}', [(name, f'(nullable) (array zero-terminated=1): {said}')]
        if value.form == 'objects':
            return (f'{value.target.c_name} *const *{name}, gsize n_{name}',
                    [(name, f'(array length=n_{name}): {said}'), (f'n_{name}', f'how many there are in @{name}')])
        if value.form == 'integers':
            return (f'const {value.element_type} *{name}, gsize n_{name}',
                    [(name, f'(array length=n_{name}): {said}'), (f'n_{name}', f'how many there are in @{name}')])
        nullable = '(nullable): ' if value.form == 'pointer' else ''
        return f'{value.c_type}{name}', [(name, nullable + said)]

    def setting(self, made, value, i, name):
        """The statement that sets it."""
        kind = {'strings': 'pointer'}.get(value.form, value.form)
        size = f', n_{name}' if value.form in ('objects', 'integers') else ''
        cast = '(gint64) ' if value.kind == 'UINT64' and value.form == 'integer' else ''
        return f'wire_set_{kind} (self, &{made.shape}, {i}, {cast}{name}{size});'

    def this(self, made):
        """What is said of the object."""
        return ('self', self.words.one(made))

    def readers(self, made, value, i):
        """Whether it is there, and what it is."""
        own, place = f'{made.c_name} *self', f'self, &{made.shape}, {i}'
        name = accessor('get', value.name)
        text = [f'Gets `{value.name}`: {self.words.of_value(value)}.', self.words.of_notes(value)]
        mark, deprecated = self.mark(value.notes), self.words.deprecated(value.notes)
        yield self.getter(made, value, f'{made.symbol}_{name}', text, place)
        if value.kind == 'ENUM' and not value.is_list or value.is_wide:
            text = [f'Gets `{value.name}` as it is written in JSON' +
                    (': exact also for languages that have no 64-bit integers.' if value.is_wide
                     else ': its name, also if that is newer than this library.')]
            yield (comment(f'{made.symbol}_{name}_text', text, [self.this(made)],
                           '(nullable) (transfer none): the text, or %NULL if it is absent', deprecated),
                   mark, 'const char *', f'{made.symbol}_{name}_text', own, f'return wire_get_text ({place});')
        has = accessor('has', value.name)
        yield (comment(f'{made.symbol}_{has}', [f'Tells whether `{value.name}` is there.'], [self.this(made)], '%TRUE if it is', deprecated),
               mark, 'gboolean ', f'{made.symbol}_{has}', own, f'return wire_get_has ({place});')

    def getter(self, made, value, symbol, text, place):
        """The getter itself."""
        own, said = f'{made.c_name} *self', [self.this(made)]
        absent = self.words.of_absence(value)
        if value.form == 'strings':
            kind, call, returns = 'const char *const *', f'wire_get_pointer ({place})', '(nullable) (transfer none) (array zero-terminated=1)'
        elif value.form == 'objects':
            kind, call = 'GPtrArray *', f'wire_get_objects ({place})'
            returns = f'(transfer container) (nullable) (element-type {value.target.c_name})'
        elif value.form == 'integers':
            kind, call, returns = f'const {value.element_type} *', f'wire_get_integers ({place}, n)', '(nullable) (transfer none) (array length=n)'
            own += ', gsize *n'
            said.append(('n', '(out): return location for how many there are'))
        else:
            kind, call = value.c_type, f'wire_get_{value.form} ({place})'
            returns = '(nullable) (transfer none)' if value.form == 'pointer' else ''
            if value.form == 'integer' and value.kind != 'INT64':
                call = f'({kind.strip()}) {call}'
        what = f'the value of `{value.name}`, or {absent}'
        returns = f'{returns}: {what}' if returns else what
        return (comment(symbol, text, said, returns, self.words.deprecated(value.notes)), self.mark(value.notes), kind, symbol,
                own, f'return {call};')

    def writers(self, made, value, i):
        """Setting it, and taking it away."""
        name, what = accessor('set', value.name), parameter(value.name)
        given, said = self.given(value, what)
        mark, deprecated = self.mark(value.notes), self.words.deprecated(value.notes)
        nullable = ', or takes it away if that is %NULL' if value.form in ('pointer', 'strings') else ''
        text = [f'Sets `{value.name}`{nullable}.', self.words.of_notes(value)]
        yield (comment(f'{made.symbol}_{name}', text, [self.this(made), *said], deprecated=deprecated), mark, 'void ',
               f'{made.symbol}_{name}', f'{made.c_name} *self, {given}', self.setting(made, value, i, what))
        if value.name == made.tag and made.kind == 'branch':
            return
        name = accessor('unset', value.name)
        yield (comment(f'{made.symbol}_{name}', [f'Takes `{value.name}` away: it is absent then.'], [self.this(made)], deprecated=deprecated), mark,
               'void ', f'{made.symbol}_{name}', f'{made.c_name} *self', f'wire_unset (self, &{made.shape}, {i});')

    def converter(self, made):
        """A branch as the struct behind it."""
        name = f'{made.symbol}_to_{snake(made.behind.name)}'
        text = [f'Makes {self.words.one(made.behind)} of what the branch adds to its union.']
        return (comment(name, text, [self.this(made)], '(transfer full): the new object'), self.available,
                f'{made.behind.c_name} *', name, f'{made.c_name} *self',
                f'return ({made.behind.c_name} *) wire_struct_convert (self, &{made.shape}, &{made.behind.shape});')

    # --- a class as a whole

    def about(self, made):
        """What a class is."""
        name, notes = made.entry.name, made.entry.notes
        said = {
            'struct': f'The struct `{name}`.', 'union': f'The union `{name}`: `{made.tag}` tells which of its branches it is.',
            'alternate': f'The alternate `{name}`: exactly one of its properties is there.',
            'arguments': f'The arguments of the command `{name}`.' if not getattr(made.entry, 'members', None) or
                         len(made.members) == len(made.entry.members)
                         else f'The arguments of the command `{name}` that are not given one by one.',
            'event': f'What the event `{name}` carries, from [method@{self.prefix}.Event.to_struct].',
            'branch': f'The branch `{made.branch}` of {self.words.link(made.base) if made.base else ""}.',
        }[made.kind]
        more = None
        if made.kind == 'union':
            named = [self.words.link(each) for each in made.branches.values()]
            more = f'Branches with members: {listed(named)}.' if named else None
        if 'open' in notes:
            more = f'QEMU takes further members: [method@{self.prefix}.Struct.set_member_json] sets them.'
        uses = self.uses.get(id(made))
        if made.kind == 'arguments':
            uses = [self.words.link_call(self.model.calls[name])]
        return [said, more, self.words.of_uses(uses), self.words.of_versions(notes)]

    def declaration(self, made):
        """The type."""
        parent = made.base.c_name if made.base else f'{self.prefix}Struct'
        upper = made.symbol.upper()[len(self.up) + 1:]
        kind = 'DERIVABLE' if made.kind == 'union' else 'FINAL'
        lines = [f'#define {self.up}_TYPE_{upper} ({made.symbol}_get_type ())\n',
                 f'{self.available}\nG_DECLARE_{kind}_TYPE ({made.c_name}, {made.symbol}, {self.up}, {upper}, {parent})\n']
        if made.kind == 'union':
            lines.append(f'struct _{made.c_name}Class\n{{\n  /*< private >*/\n  {parent}Class parent_class;\n}};\n')
        return ''.join(lines)

    def class_header(self, made):
        """Its functions."""
        return ''.join(f'{mark} {kind}{name} ({parameters});\n' for _, mark, kind, name, parameters, _ in self.functions(made))

    def class_source(self, made):
        """The functions, and what is said about all."""
        lines = [comment(made.c_name, self.about(made))]
        for value in made.own:
            text = [f'The member `{value.name}`: {self.words.of_value(value)}.', self.words.of_notes(value)]
            lines.append(comment(f'{made.c_name}:{property_name(value.name)}', text, deprecated=self.words.deprecated(value.notes)))
        lines.append(f'GType {made.symbol}_get_type (void) '
                     f'{{ static gsize type; return {self.low}_struct_register (&type, &{made.shape}); }}\n')
        for said, _, kind, name, parameters, body in self.functions(made):
            lines.append(f'{said}{kind}{name} ({parameters}) {{ {body} }}\n')
        return '\n'.join(lines)
