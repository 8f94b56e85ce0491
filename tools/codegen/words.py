# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the documentation of generated symbols says, made of the facts in the
descriptions."""

import re
import textwrap

from names import snake

SYSTEMS = {'linux': 'Linux', 'windows': 'Windows', 'freebsd': 'FreeBSD', 'macos': 'macOS'}
UNITS = {'byte': 'bytes', 's': 'seconds', 'ms': 'milliseconds', 'us': 'microseconds', 'ns': 'nanoseconds'}
INTEGERS = re.compile(r'(U?)INT(8|16|32|64)$')

# How many places a class is said to be used in, at most: some are everywhere.
MOST_USES = 6


def wrap(text, **more):
    """Lines of a paragraph. An annotation stays on one, and so does what is in
    quotes; a line that began with a word and a colon might be taken for a tag."""
    text = re.sub(r'\((?:element-type|array|transfer)[^)]*\)|`[^`]*`| \w+:(?= )', lambda match: match[0].replace(' ', '\0'), text)
    lines = textwrap.wrap(text, 76, break_on_hyphens=False, break_long_words=False, **more)
    return [line.replace('\0', ' ') for line in lines]


def comment(name, text, parameters=(), returns=None, deprecated=None):
    """A documentation comment."""
    lines = [f'{name}:']
    for parameter, said in parameters:
        lines += wrap(f'@{parameter}: {said}', subsequent_indent='  ')
    for paragraph in filter(None, text):
        lines += ['', *wrap(paragraph)]
    if returns:
        lines += ['', *wrap(f'Returns: {returns}', subsequent_indent='  ')]
    if deprecated:
        lines += ['', *wrap(f'Deprecated: 0.1: {deprecated}', subsequent_indent='  ')]
    lines += ['', 'Since: 0.1']
    return '/**\n' + ''.join(f' * {line}'.rstrip() + '\n' for line in lines) + ' */\n'


def listed(words, last='and'):
    """Words with commas between, and a word before the last."""
    words = list(words)
    return f' {last} '.join(filter(None, [', '.join(words[:-1]), words[-1]]))


class Words:
    """Sentences about one library's interface."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.program = 'QEMU' if prefix == 'Qmp' else 'the guest agent'
        self.versions = 'QEMU' if prefix == 'Qmp' else 'qemu-ga'

    def link(self, each):
        """A reference to a class or an enum."""
        kind = 'class' if hasattr(each, 'members') else 'enum'
        return f'[{kind}@{self.prefix}.{each.c_name[len(self.prefix):]}]'

    def one(self, each):
        """The same, with its article: it is shown as in C, with the prefix in front."""
        return f'a {self.link(each)}'

    def link_call(self, call):
        """A reference to a call."""
        return f'[method@{self.prefix}.Connection.{snake(call.entry.name)}_async]'

    def of_value(self, value):
        """What a member holds."""
        if value.is_list and value.is_object:
            return f'a list of {self.link(value.target)}'
        if value.is_list and value.kind == 'ENUM':
            return f'a list of names of {self.link(value.target)}'
        if value.is_list:
            return 'a list of strings' if value.is_text else f'a list of {self.of_integer(value.kind)}s'
        if value.kind == 'ENUM':
            return f'a value of {self.link(value.target)}'
        if value.target:
            return self.one(value.target)
        return {'NULL': 'null', 'BOOLEAN': 'a boolean', 'DOUBLE': 'a number', 'STRING': 'a string',
                'ANY': 'any value, as JSON text',
                'BASE64': 'bytes, which travel as base64'}.get(value.kind) or self.with_article(self.of_integer(value.kind))

    def of_integer(self, kind):
        """An integer by its width."""
        unsigned, bits = INTEGERS.match(kind).groups()
        return f'{"unsigned " if unsigned else ""}{bits}-bit integer'

    def with_article(self, noun):
        """An unsigned and an 8-bit integer; a 16-bit one."""
        return f'{"an" if noun[0] in "aeiou8" else "a"} {noun}'

    def of_versions(self, notes):
        """Which versions have it."""
        said = []
        if 'since' in notes:
            said.append(f'Since {self.versions} {notes["since"]}.')
        if 'until' in notes:
            said.append(f'Of the versions covered, {self.versions} {notes["until"]} is the last to have it.')
        if 'unstable' in notes:
            said.append(f'Unstable: {self.versions} may change or drop it without notice.')
        if 'deprecated' in notes:
            said.append(f'{self.versions} has deprecated it.')
        if 'feature' in notes:
            said.append(f'{self.versions} marks it with the feature `{notes["feature"]}`.')
        if 'on' in notes:
            said.append(f'Only on {listed(SYSTEMS[each] for each in notes["on"].split("|"))}.')
        return ' '.join(said)

    def of_notes(self, value):
        """All that is known of a member."""
        notes, said = value.notes, []
        if 'is' in notes:
            said.append(f'It is {self.with_article(notes["is"])}.')
        if 'unit' in notes:
            said.append(f'It is in {UNITS.get(notes["unit"], notes["unit"])}.')
        if 'epoch' in notes:
            said.append(f'It counts from {notes["epoch"]}.')
        if 'values' in notes:
            said.append('It is ' + listed([f'`{each}`' for each in notes['values'].split('|')], 'or') + '.')
        if 'maximum' in notes:
            said.append(f'It is at most {notes["maximum"]}.')
        if 'secret' in notes:
            said.append('It is a secret: it is not logged, and the text that was sent is overwritten.')
        if 'default' in notes:
            said.append(f'It is optional: without it, {self.program} takes `{notes["default"]}`.')
        elif value.optional:
            said.append('It is optional.')
        return ' '.join([*said, self.of_versions(notes)]).strip()

    def of_uses(self, uses):
        """Where a class or an enum is met: links, as many as are helpful."""
        if not uses:
            return None
        more = len(uses) - MOST_USES
        shown = [*uses[:MOST_USES], f'{more} more'] if more > 1 else uses
        return f'It is used by {listed(shown)}.'

    def deprecated(self, notes):
        """Why the compiler warns."""
        return f'{self.versions} has deprecated it' if 'deprecated' in notes else None

    def of_absence(self, value):
        """What a getter gives when the member is not there."""
        if value.form in ('pointer', 'strings', 'objects', 'integers'):
            return '%NULL if it is absent'
        if value.kind == 'ENUM':
            return f'%{value.target.constant}_UNRECOGNIZED if it is absent, or newer than this library'
        return {'NULL': '%FALSE if it is absent', 'BOOLEAN': '%FALSE if it is absent'}.get(value.kind, '0 if it is absent')
