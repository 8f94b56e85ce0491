# SPDX-License-Identifier: LGPL-2.1-or-later
"""Puts generated C on lines that can be read."""

import re
import textwrap

MOST = 160     # columns of what stays on its line
COLUMNS = 120  # of what does not


def fit(text):
    """Breaks a very long line behind commas and semicolons."""
    if len(text) <= MOST:
        return text
    glued = re.sub('(?<![,;]) ', '\0', text)
    lines = textwrap.wrap(glued, COLUMNS, subsequent_indent='    ', break_on_hyphens=False, break_long_words=False)
    return '\n'.join(lines).replace('\0', ' ')
