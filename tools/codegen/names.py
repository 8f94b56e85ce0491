# SPDX-License-Identifier: LGPL-2.1-or-later
"""What things of QAPI are called in C, and which names would clash."""

import re

# Methods that every object has in one language or another: a getter or setter
# of that name would hide them.
TAKEN = {
    'get_type', 'get_data', 'set_data', 'get_qdata', 'set_qdata', 'get_property', 'set_property',
    'get_properties', 'set_properties', 'get_class', 'get_member_json', 'set_member_json',
}

# What cannot name a parameter: words of C and C++, and the other parameters of a call.
WORDS = {
    'auto', 'break', 'case', 'char', 'const', 'continue', 'default', 'do', 'double', 'else', 'enum',
    'extern', 'float', 'for', 'goto', 'if', 'inline', 'int', 'long', 'register', 'restrict', 'return',
    'short', 'signed', 'sizeof', 'static', 'struct', 'switch', 'typedef', 'union', 'unsigned', 'void',
    'volatile', 'while', 'errno', 'stdin', 'stdout', 'stderr', 'linux', 'unix',
    'alignas', 'alignof', 'and', 'asm', 'bool', 'catch', 'class', 'concept', 'constexpr', 'decltype', 'delete', 'explicit',
    'export', 'false', 'friend', 'mutable', 'namespace', 'new', 'noexcept', 'not', 'nullptr', 'operator', 'or', 'private',
    'protected', 'public', 'requires', 'template', 'this', 'throw', 'true', 'try', 'typeid', 'typename', 'using', 'virtual',
    'xor', 'self', 'arguments', 'cancellable', 'callback', 'user_data', 'result', 'error',
}

SUFFIX = '_member'


def snake(name):
    """BlockdevOptionsQcow2, BLOCK_JOB_READY and block-commit as words of C."""
    name = re.sub(r'[-.]', '_', name)
    if re.search('[a-z]', name):
        name = re.sub(r'([A-Z]+)([A-Z][a-z])', r'\1_\2', name)
        name = re.sub(r'([a-z0-9])([A-Z])', r'\1_\2', name)
    return name.lower()


def camel(name):
    """block-commit, BLOCK_JOB_READY and copy-on-read as a part of a type's name."""
    return ''.join(word[:1].upper() + word[1:] for word in re.split(r'[-_.]', name.lower()))


def upper(name):
    """A part of a constant's name."""
    return snake(name).upper()


def accessor(verb, member):
    """The end of a getter's or setter's name."""
    name = f'{verb}_{snake(member)}'
    return name + SUFFIX if name in TAKEN else name


def parameter(member):
    """What a parameter is called."""
    name = snake(member)
    return name + SUFFIX if name in WORDS else name


def property_name(member):
    """As GObject can take it."""
    return re.sub(r'[_.]', '-', member)
