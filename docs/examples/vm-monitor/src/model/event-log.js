// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The last events of a machine, the newest first, as a list model. However many
// come: a few hundred are kept, a few times in a second, and the others counted.
// Of an event, nothing is read before somebody looks at it.
import Gio from 'gi://Gio';
import GObject from 'gi://GObject';

import {pause} from '../later.js';
import {clean, formatTime} from '../text.js';

const KEPT = 500;
const TAKEN_AT_ONCE = 10;
const BATCH_MS = 100;

export const LoggedEvent = GObject.registerClass({
    GTypeName: 'LoggedEvent',
    Properties: {
        'name': GObject.ParamSpec.string('name', '', '', GObject.ParamFlags.READABLE, ''),
        'time': GObject.ParamSpec.string('time', '', '', GObject.ParamFlags.READABLE, ''),
        'details': GObject.ParamSpec.string('details', '', '', GObject.ParamFlags.READABLE, ''),
    },
}, class LoggedEvent extends GObject.Object {
    hold(event) {
        this._event = event;
        return this;
    }

    get name() {
        return clean(this._event.name);
    }

    get time() {
        return formatTime(this._event.timestamp);
    }

    get details() {
        const text = this._event.get_data_json() ?? '{}';
        return text === '{}' ? '' : clean(text, 300);
    }
});

export const EventLog = GObject.registerClass({
    Implements: [Gio.ListModel],
    Properties: {
        // all that came, and those of them that came too fast to be shown
        'total': GObject.ParamSpec.double('total', '', '', GObject.ParamFlags.READWRITE, 0, Number.MAX_SAFE_INTEGER, 0),
        'dropped': GObject.ParamSpec.double('dropped', '', '', GObject.ParamFlags.READWRITE, 0, Number.MAX_SAFE_INTEGER, 0),
    },
}, class EventLog extends GObject.Object {
    constructor() {
        super();
        this._events = [];
    }

    vfunc_get_item_type() {
        return LoggedEvent.$gtype;
    }

    vfunc_get_n_items() {
        return this._events.length;
    }

    vfunc_get_item(position) {
        return this._events[position] ?? null;
    }

    // Ends with the connection, and fails if that ends badly. Between two batches
    // the stream keeps the newest: that costs nothing here.
    async follow(connection, cancellable) {
        const events = connection.events({capacity: KEPT, cancellable});
        const {total, dropped} = this;
        let taken = 0;
        for await (const event of events) {
            const batch = [event, ...events.take(TAKEN_AT_ONCE - 1)];
            taken += batch.length;
            this.dropped = dropped + events.dropped;
            this.total = total + taken + events.dropped;
            this._add(batch.reverse());
            await pause(BATCH_MS);
        }
    }

    clear() {
        const removed = this._events.length;
        this._events = [];
        this.total = this.dropped = 0;
        this.items_changed(0, removed, 0);
    }

    _add(batch) {
        const excess = Math.max(this._events.length + batch.length - KEPT, 0);
        // the objects are used again: in a flood, thousands would be garbage each second
        const free = this._events.splice(this._events.length - excess, excess);
        this.items_changed(this._events.length, excess, 0);
        this._events.unshift(...batch.map(event => (free.pop() ?? new LoggedEvent()).hold(event)));
        this.items_changed(0, 0, batch.length);
    }
});
