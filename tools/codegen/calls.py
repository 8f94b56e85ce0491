# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes typed calls: methods on the connection, in three functions each."""

from layout import fit
from names import snake
from words import comment

ASYNC = 'GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data'


class Calls:
    """Templates for one library."""

    def __init__(self, model, words, classes):
        self.words, self.classes = words, classes
        self.low, self.up, self.prefix = model.prefix.lower(), model.prefix.upper(), model.prefix
        self.own = f'{self.prefix}Connection *self'

    def mark(self, call):
        """The macro in front of the declarations."""
        return self.classes.mark(call.entry.notes)

    def parameters(self, call):
        """What a call takes, besides what all take: as C, and what is said."""
        given, said = [], []
        for name, value in call.parameters:
            text, documented = self.classes.given(value, name)
            notes = self.words.of_notes(value)
            name, first = documented[0]
            first = first.replace('(nullable) ', '').replace('(nullable): ', '')
            given.append(text)
            said += [(name, f'{first}. {notes}'.rstrip('. ')), *documented[1:]]
        if 'passes-fd' in call.entry.notes:
            given.append('int fd')
            said.append(('fd', 'the file descriptor to pass: it is duplicated, and stays the caller\'s'))
        if call.arguments:
            nullable = '' if call.arguments_required else '(nullable): '
            what = 'the command\'s arguments' if call.entry.boxed or not call.positional else 'the command\'s other arguments'
            what += '' if call.arguments_required else ', or %NULL for none of them'
            given.append(f'{call.arguments.c_name} *arguments')
            said.append(('arguments', nullable + what))
        return given, said

    def passed(self, call):
        """The same, for the function behind."""
        names = []
        for name, value in call.parameters:
            names.append(name)
            if value.form in ('objects', 'integers'):
                names.append(f'n_{name}')
        if 'passes-fd' in call.entry.notes:
            names.append('fd')
        return ''.join(f', {name}' for name in names)

    def result(self, call):
        """The C type of the result, the ending of the function behind, and what is said."""
        value = call.result
        if 'unanswered' in call.entry.notes:
            return (f'{self.prefix}Acceptance ', '_unanswered',
                    f'how it showed that the guest took it on, or %{self.up}_ACCEPTANCE_NONE if it failed')
        if value is None:
            return 'gboolean ', '', '%TRUE if it succeeded'
        what = self.words.of_value(value)
        if value.form == 'objects':
            return 'GPtrArray *', '_pointer', f'(transfer container) (element-type {value.target.c_name}): {what}, or %NULL if it failed'
        if value.form == 'strings':
            return 'char **', '_pointer', f'(transfer full) (array zero-terminated=1): {what}, or %NULL if it failed'
        if value.form == 'pointer':
            kind = 'char *' if value.is_text else value.c_type
            return kind, '_pointer', f'(transfer full): {what}, or %NULL if it failed'
        failed = f'%{value.target.constant}_UNRECOGNIZED' if value.kind == 'ENUM' else '-1'
        return value.c_type, '_integer', f'{what}, or {failed} if it failed'

    def about(self, call):
        """What a call does."""
        notes = call.entry.notes
        said = [f'Runs the command `{call.entry.name}`.', self.words.of_versions(notes)]
        if 'preconfig' in notes:
            said.append('It also runs before there is a machine, if QEMU was started with `--preconfig`.')
        if 'out-of-band' in notes:
            said.append(f'QEMU can run it out-of-band: that takes a [class@{self.prefix}.Request].')
        return said

    def errors(self):
        """How a call fails."""
        return (f'Fails as [method@{self.prefix}.Connection.execute_finish] does, with %G_IO_ERROR_INVALID_ARGUMENT when an '
                f'argument is missing or cannot be sent, and with %{self.up}_ERROR_UNEXPECTED_VALUE when the reply is not '
                'of its type: the message has the path.')

    def functions(self, call):
        """Each function of a call: its comment, type, name, parameters and body."""
        given, said = self.parameters(call)
        ahead = ''.join(f'{each}, ' for each in given)
        rest = 'arguments' if call.arguments else 'NULL'
        kind, ending, returns = self.result(call)
        this = ('self', 'a connection')
        cancel = ('cancellable', f'(nullable): ends the wait, though {self.words.program} may still run the command')
        deprecated = self.words.deprecated(call.entry.notes)
        table, symbol, done = f'&{call.table}', call.symbol, self.cast(call)
        yield (comment(f'{symbol}_async', [*self.about(call), f'The deadline is [property@{self.prefix}.Connection:default-timeout].'],
                       [this, *said, cancel, ('callback', '(scope async): called once, in the caller\'s main context'),
                        ('user_data', 'for @callback')], deprecated=deprecated),
               'void ', f'{symbol}_async', f'{self.own}, {ahead}{ASYNC}',
               f'{self.low}_command_start ({table}, self, {rest}, cancellable, callback, user_data{self.passed(call)});')
        yield (comment(f'{symbol}_finish', [f'Ends what [method@{self.prefix}.Connection.{snake(call.entry.name)}_async] began.',
                                            self.errors()],
                       [this, ('result', 'what the callback was given'), ('error', 'return location')], returns, deprecated),
               kind, f'{symbol}_finish', f'{self.own}, GAsyncResult *result, GError **error',
               f'return {done}{self.low}_command_finish{ending} ({table}, self, result, error);')
        yield (comment(symbol, [*self.about(call), 'Blocks until the reply is there.', self.errors()],
                       [this, *said, cancel, ('error', 'return location')], returns, deprecated),
               kind, symbol, f'{self.own}, {ahead}GCancellable *cancellable, GError **error',
               f'return {done}{self.low}_command_run{ending} ({table}, self, {rest}, cancellable, error{self.passed(call)});')

    def cast(self, call):
        """Integers come as gint64."""
        value = call.result
        return f'({value.target.c_name}) ' if value and value.kind == 'ENUM' and not value.is_list else ''

    def header(self, call):
        """The declarations."""
        return ''.join(fit(f'{self.mark(call)} {kind}{name} ({parameters});') + '\n'
                       for _, kind, name, parameters, _ in self.functions(call))

    def source(self, call):
        """The functions."""
        return '\n'.join(f'{said}{fit(f"{kind}{name} ({parameters})")}\n{fit(f"{{ {body} }}")}\n'
                         for said, kind, name, parameters, body in self.functions(call))
