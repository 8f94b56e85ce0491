# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the overrides add to the types that a GIR has."""
import re


def read_additions(path):
    """Indented blocks, by the name of the class in the line before each; - is none."""
    blocks, name = {}, None
    with open(path, encoding='utf-8') as file:
        for line in file:
            if line.startswith(('//', '#')) or not line.strip():
                continue
            if line[0] != ' ':
                name = line.strip().rstrip(':')
            else:
                blocks.setdefault('' if name == '-' else name, []).append(line.rstrip()[2:])
    return blocks


def names_in(lines):
    """Of the functions that are added: these stand for what the GIR has."""
    return {match[1] for match in (re.match(r'(?:async )?(?:def )?(\w+)[<(]', line) for line in lines) if match}
