// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m search.js BOOK TERM PAGE [TERM PAGE]...
//
// Searches a book by the book's own scripts, on pages that come from a server and on
// pages that are opened as files: for each TERM, PAGE must be among the first that are
// found; and whatever can be found must be there.
import Gio from 'gi://Gio';
import System from 'system';

const [BOOK, ...WANTED] = ARGV;
const FIRST = 5;

function read(name) {
    const [, bytes] = Gio.File.new_for_path(`${BOOK}/${name}`).load_contents(null);
    return new TextDecoder().decode(bytes);
}

// Scripts of a page share one global object, this one; what is evaluated as strict code
// would keep its functions to itself.
function run(name) {
    (0, eval)(read(name).replace(/^['"]use strict['"];$/m, ''));
}

class ServerRequest {
    static DONE = 4;

    open(_method, name) {
        this.name = name;
    }

    send() {
        Object.assign(this, {responseText: read(this.name), readyState: ServerRequest.DONE, status: 200});
        this.onreadystatechange();
    }
}

class Part {
    listeners = {};
    classList = {add() {}, remove() {}};
    value = '';
    innerHTML = '';

    addEventListener(name, listener) {
        this.listeners[name] = listener;
    }
}

// As much of a browser as the scripts ask for.  Returns what a search finds, in its order.
function search(protocol, term) {
    const parts = {};

    Object.assign(globalThis, {
        XMLHttpRequest: ServerRequest,
        location: {protocol, search: `?q=${encodeURIComponent(term)}`, href: 'index.html', hash: ''},
        history: {replaceState() {}},
        scroll() {},
        addEventListener() {},
        document: {
            querySelector: name => (parts[name] ??= new Part()),
            createElement: () => new Part(),
            head: {
                appendChild(script) {
                    run(script.src);
                    script.listeners.load();
                },
            },
        },
    });
    ['book.js', 'fzy.js', 'search.js', 'main.js'].forEach(run);
    globalThis.onInitSearch();
    return [...parts['#search'].innerHTML.matchAll(/<a href="([^"]+)"/g)].map(([, target]) => target);
}

const failures = [];

for (const protocol of ['https:', 'file:']) {
    for (let i = 0; i < WANTED.length; i += 2) {
        const [term, page] = WANTED.slice(i, i + 2);
        const found = search(protocol, term).slice(0, FIRST);

        if (!found.includes(page))
            failures.push(`${protocol} ${term}: ${page} is not among ${found.join(', ') || 'nothing'}`);
    }
}

// nothing is a part of everything
const all = new Set(search('https:', ' ').map(target => target.split('#')[0]));
for (const target of all) {
    if (!Gio.File.new_for_path(`${BOOK}/${target}`).query_exists(null))
        failures.push(`the search finds ${target}, which is not there`);
}
failures.forEach(failure => print(failure));
print(`${WANTED.length / 2} terms, ${all.size} pages can be found, ${failures.length} failures`);
System.exit(failures.length > 0 || WANTED.length === 0 || all.size < 100 ? 1 : 0);
