# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: links.py BOOK WARNINGS

Checks that what gi-docgen made of the links is there: that it warned of nothing,
that each link in a page of the book leads to a page, and to a place in it, that each
picture is there, and that it is known where the pages of other namespaces are.
"""
import functools
import pathlib
import re
import sys

LINK = re.compile(r'(?:href|src)="([^"#:?]*)(?:#([^"]*))?"')
ELSEWHERE = re.compile(r'data-namespace="([^"]+)"')
BASE = re.compile(r"^ *\['(\w+)', '(?:https://[^']+|(\.\./[^']+))/'\],$", re.MULTILINE)
PLACE = re.compile(r'\bid="([^"]+)"')


def read(path):
    return path.read_text(encoding='utf-8')


@functools.lru_cache(maxsize=None)
def places_in(path):
    return set(PLACE.findall(read(path)))


def main():
    book, warnings = map(pathlib.Path, sys.argv[1:])
    known = {name for name, folder in BASE.findall(read(book / 'book.js')) if not folder or (book / folder).is_dir()}
    failures, pages, links = read(warnings).splitlines(), 0, 0

    for path in sorted(book.glob('*.html')):
        text = read(path)
        found = set(LINK.findall(text))
        pages, links = pages + 1, links + len(found)
        for target, place in found:
            if target and not (book / target).exists():
                failures.append(f'{path.name}: there is no {target}')
            elif place and place not in places_in(book / (target or path.name)):
                failures.append(f'{path.name}: there is no #{place} in {target or "it"}')
        failures += [f'{path.name}: nobody knows where {each} is' for each in set(ELSEWHERE.findall(text)) - known]
    for failure in failures:
        print(failure)
    print(f'{pages} pages, {links} links, {len(failures)} failures')
    return 1 if failures or not pages else 0


sys.exit(main())
