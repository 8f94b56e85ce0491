# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: pages.py SOURCE

Checks the links in the source's Markdown, the books' pages among it: that what is
linked is there, and the place in it; that images are; that each page belongs to a book;
and that addresses of the network are sound, and of https.  Nobody is asked there.
"""
import pathlib
import re
import sys
import urllib.parse

FOLDERS = ('*.md', 'docs/*.md', '*/README.md', '*/*/README.md')
FENCE = re.compile(r'^ *(```|~~~).*?^ *\1$', re.MULTILINE | re.DOTALL)
SPAN = re.compile(r'(`+)(?!`).*?(?<!`)\1(?!`)', re.DOTALL)
LINK = re.compile(r'\]\(\s*<?([^)\s>]+)')
REFERENCE = re.compile(r'^ *\[[^\]]+\]:\s*(\S+)', re.MULTILINE)
ADDRESS = re.compile(r'\bhttps?:[^\s)>\]`"]*')
HEADING = re.compile(r'^#+ +(.*)$', re.MULTILINE)
CONTENT = re.compile(r'^  "([\w-]+)\.md",$', re.MULTILINE)
# pages that are made as the books are: checks/links.py looks into those
MADE = {'command-list', 'event-list', 'guest-command-list', 'qmpctl', 'qgactl'}
BOOKS = ('qmp-glib', 'qga-glib')


def place(heading):
    """The name that a heading gets, in the books as in forges."""
    plain = re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', heading).replace('`', '')
    return re.sub(r'[-\s]+', '-', re.sub(r'[^\w\s-]', '', plain).strip().lower())


class Page:
    def __init__(self, path):
        text = path.read_text(encoding='utf-8')
        prose = FENCE.sub('', text)
        self.path, self.in_book = path, '\nSlug: ' in text
        self.places = {place(each) for each in HEADING.findall(prose)}
        self.addresses = ADDRESS.findall(SPAN.sub('', prose))
        self.links = LINK.findall(SPAN.sub('``', prose)) + REFERENCE.findall(prose)


class Pages:
    def __init__(self, source):
        self.source, self.docs = source, source / 'docs'
        paths = {path for folder in FOLDERS for path in source.glob(folder) if not path.parts[len(source.parts)].startswith(('.', 'build'))}
        self.pages = {path: Page(path) for path in sorted(paths)}
        self.books = {book: CONTENT.findall((self.docs / f'{book}.toml.in').read_text(encoding='utf-8')) for book in BOOKS}

    def find(self, page, target):
        """The file that a link leads to; None if it is one that is made."""
        name = re.fullmatch(r'(?:\.\./([\w-]+)-1\.0/)?([\w-]+)\.html', target)
        if page.in_book and re.fullmatch(r'\.\./[\w-]+-1\.0/(class|struct|error|enum)\.\w+\.html', target):
            return None  # of a symbol
        if not page.in_book or not name:
            return page.path.parent / target
        if name[1] and name[2] not in self.books.get(name[1], []):
            return page.path.parent / target
        return None if name[2] in MADE else self.docs / f'{name[2]}.md'

    def complaints_about_link(self, page, link):
        target, _, at = link.partition('#')
        path = self.find(page, target) if target else page.path
        if path is None:
            return ''
        path = pathlib.Path(*path.parts).resolve()
        if not path.exists():
            return f'there is no {target}'
        if at and path in self.pages and at not in self.pages[path].places:
            return f'there is no #{at} in {path.name}'
        return ''

    @staticmethod
    def complaints_about_address(address):
        parts = urllib.parse.urlsplit(address)
        sound = parts.scheme == 'https' and re.fullmatch(r'[\w-]+(\.[\w-]+)+', parts.netloc)
        return '' if sound else f'{address} is not sound, or not https'

    def complaints(self):
        for page in self.pages.values():
            wrong = [self.complaints_about_address(each) for each in page.addresses]
            wrong += [self.complaints_about_link(page, each) for each in page.links if not re.match(r'[a-z]+:', each)]
            wrong.append('it is in no book' if page.in_book and not any(page.path.stem in book for book in self.books.values()) else '')
            yield from (f'{page.path.relative_to(self.source)}: {each}' for each in wrong if each)
        for book, names in self.books.items():
            yield from (f'{book}: there is no page {name}' for name in names
                        if name not in MADE and self.docs / f'{name}.md' not in self.pages)


def main():
    pages = Pages(pathlib.Path(sys.argv[1]).resolve())
    failures = list(pages.complaints())
    for failure in failures:
        print(failure)
    links = sum(len(page.links) + len(page.addresses) for page in pages.pages.values())
    print(f'{len(pages.pages)} pages, {links} links, {len(failures)} failures')
    return 1 if failures or not links else 0


sys.exit(main())
