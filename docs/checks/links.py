# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: links.py BOOK WARNINGS

Checks that what gi-docgen made of the links is there: that it warned of nothing,
and that each link in a page of the book leads to a page, and to a place in it.
"""
import pathlib
import re
import sys

LINK = re.compile(r'href="([^"#:?]*)(?:#([^"]*))?"')
PLACE = re.compile(r'\bid="([^"]+)"')


def read(path):
    return path.read_text(encoding='utf-8')


def main():
    book, warnings = map(pathlib.Path, sys.argv[1:])
    pages = {path.name: set(LINK.findall(read(path))) for path in book.glob('*.html')}
    wanted = {target or name for name, links in pages.items() for target, place in links if place}
    places = {name: set(PLACE.findall(read(book / name))) for name in wanted if name in pages}

    failures = read(warnings).splitlines()
    for name, links in pages.items():
        for target, place in links:
            if target and not (book / target).exists():
                failures.append(f'{name}: there is no {target}')
            elif place and place not in places[target or name]:
                failures.append(f'{name}: there is no #{place} in {target or "it"}')
    for failure in failures:
        print(failure)
    print(f'{len(pages)} pages, {sum(map(len, pages.values()))} links, {len(failures)} failures')
    return 1 if failures or not pages else 0


sys.exit(main())
