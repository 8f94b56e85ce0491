# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the documentation of generated symbols says, made of the facts in the
descriptions."""

import re
import textwrap

SYSTEMS = {'linux': 'Linux', 'windows': 'Windows', 'freebsd': 'FreeBSD', 'macos': 'macOS'}
UNITS = {'byte': 'bytes', 's': 'seconds', 'ms': 'milliseconds', 'us': 'microseconds', 'ns': 'nanoseconds'}


def wrap(text, **more):
    """Lines of a paragraph; an annotation stays on one."""
    text = re.sub(r'\((?:element-type|array|transfer)[^)]*\)', lambda match: match[0].replace(' ', '\0'), text)
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
        lines += ['', f'Deprecated: 0.1: {deprecated}']
    lines += ['', 'Since: 0.1']
    return '/**\n' + ''.join(f' * {line}'.rstrip() + '\n' for line in lines) + ' */\n'


def article(name):
    """What stands before a name: an ImageInfo, a UserInfo, an NBDServer, a PCIDevice."""
    letters = re.match('[A-Z][A-Z0-9]', name)
    vowel = re.match('[AEFHILMNORSX]' if letters else '[AEIO]|U[np](?!i)', name)
    return 'an' if vowel else 'a'


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
        """The same, with its article."""
        return f'{article(each.c_name[len(self.prefix):])} {self.link(each)}'

    def of_value(self, value):
        """What a member holds."""
        if value.is_list and value.is_object:
            return f'a list of {self.link(value.target)}'
        if value.is_list and value.kind == 'ENUM':
            return f'a list of the names of values of {self.link(value.target)}'
        if value.is_list:
            return 'a list of strings' if value.is_text else 'a list of integers'
        if value.target:
            return self.one(value.target)
        return {'NULL': 'null', 'BOOLEAN': 'a boolean', 'DOUBLE': 'a number', 'STRING': 'a string',
                'ANY': 'any value, as the text of its JSON',
                'BASE64': 'bytes, which travel as base64'}.get(value.kind, 'an integer')

    def of_versions(self, notes):
        """Which versions have it."""
        said = []
        if 'since' in notes:
            said.append(f'Since {self.versions} {notes["since"]}.')
        if 'until' in notes:
            said.append(f'{self.versions} {notes["until"]} was the last to have it.')
        if 'unstable' in notes:
            said.append(f'Unstable: {self.versions} may change or drop it without notice.')
        if 'deprecated' in notes:
            said.append(f'{self.versions} has deprecated it.')
        if 'feature' in notes:
            said.append(f'Features: {notes["feature"]}.')
        if 'on' in notes:
            said.append('On ' + ', '.join(SYSTEMS[each] for each in notes['on'].split('|')) + ' alone.')
        return ' '.join(said)

    def of_notes(self, value):
        """All that is known of a member."""
        said = []
        if 'unit' in value.notes:
            said.append(f'In {UNITS.get(value.notes["unit"], value.notes["unit"])}.')
        if 'epoch' in value.notes:
            said.append(f'Counted from {value.notes["epoch"]}.')
        if 'default' in value.notes:
            said.append(f'When absent: {value.notes["default"]}.')
        if 'values' in value.notes:
            said.append(f'One of {value.notes["values"].replace("|", ", ")}.')
        if 'maximum' in value.notes:
            said.append(f'At most {value.notes["maximum"]}.')
        if 'secret' in value.notes:
            said.append('It is kept out of logs and of memory that is not needed any more.')
        if value.optional:
            said.append('It may be left out.')
        return ' '.join([*said, self.of_versions(value.notes)]).strip()

    def deprecated(self, notes):
        """Why the compiler warns."""
        return f'{self.versions} has deprecated it' if 'deprecated' in notes else None

    def of_absence(self, value):
        """What a getter gives when the member is not there."""
        if value.form in ('pointer', 'strings', 'objects', 'integers'):
            return '%NULL when it is absent'
        if value.kind == 'ENUM':
            return f'%{value.target.constant}_UNRECOGNIZED when it is absent, or newer than this library'
        return {'NULL': '%FALSE when it is absent', 'BOOLEAN': '%FALSE when it is absent'}.get(value.kind, '0 when it is absent')
