// SPDX-License-Identifier: LGPL-2.1-or-later
// What each page of the books loads before gi-docgen's own scripts.
'use strict';

// Where the pages of other namespaces are.
const baseURLs = [
    ['GLib', 'https://docs.gtk.org/glib/'],
    ['GObject', 'https://docs.gtk.org/gobject/'],
    ['Gio', 'https://docs.gtk.org/gio/'],
    ['Json', 'https://gnome.pages.gitlab.gnome.org/json-glib/'],
    ['Qmp', '../qmp-glib-1.0/'],
    ['Qga', '../qga-glib-1.0/'],
];

// A page that was opened as a file may not read the file beside it, but may run it
// as a script: so the search gets its index this way, once somebody wants it.
class IndexRequest {
    static DONE = 4;
    status = 0;

    open() {
    }

    send() {
        const input = document.querySelector('#search-input');

        if (/[?&]q=/.test(window.location.search))
            this.load();
        else
            input.addEventListener('focus', () => this.load(), {once: true});
    }

    load() {
        const script = document.createElement('script');

        script.src = 'index.js';
        script.addEventListener('load', () => {
            this.responseText = window.bookIndex;
            this.readyState = IndexRequest.DONE;
            this.onreadystatechange();
        });
        document.head.appendChild(script);
    }
}

if (window.location.protocol === 'file:')
    window.XMLHttpRequest = IndexRequest;
