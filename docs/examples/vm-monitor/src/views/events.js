// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';

import {template} from '../template.js';

export const EventsView = GObject.registerClass({
    GTypeName: 'EventsView',
    Template: template(import.meta.url, 'events.ui'),
    InternalChildren: ['stack', 'list', 'count'],
}, class EventsView extends Adw.Bin {
    constructor(properties = {}) {
        super(properties);
        // rows that no JavaScript makes, nor fills: thousands may come in a minute
        const row = Gio.File.new_for_uri(template(import.meta.url, 'event-row.ui'));
        this._list.factory = Gtk.BuilderListItemFactory.new_from_bytes(null, row.load_bytes(null)[0]);
        this.connect('map', () => this._attach());
        this.connect('unmap', () => (this._list.model = null));
    }

    show(monitored) {
        if (this._handlers)
            this._handlers.forEach(handler => this._events.disconnect(handler));
        this._events = monitored.events;
        this._handlers = [
            this._events.connect('notify::total', () => this._update()),
            this._events.connect_after('items-changed', () => this._stayAtTop()),
        ];
        if (this.get_mapped())
            this._attach();
        this._update();
    }

    // Rows that nobody sees cost nothing.
    _attach() {
        if (this._events)
            this._list.model = new Gtk.NoSelection({model: this._events});
    }

    // By itself, a list keeps in view what is there; that is wanted further down only.
    _stayAtTop() {
        if (this._list.model !== null && this._list.vadjustment.value === 0)
            this._list.activate_action('list.scroll-to-item', new GLib.Variant('u', 0));
    }

    _update() {
        const {total, dropped} = this._events;
        const all = `${total.toLocaleString()} ${total === 1 ? 'event' : 'events'}`;
        this._count.label = dropped > 0 ? `${all}, ${dropped.toLocaleString()} of them too fast to be shown` : all;
        this._stack.visible_child_name = total > 0 ? 'list' : 'none';
    }
});
