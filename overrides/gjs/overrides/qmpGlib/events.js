// SPDX-License-Identifier: LGPL-2.1-or-later
//
// for await (const event of connection.events (…)): one event after the other.
/* exported addEvents */

const {Gio, GLib} = imports.gi;
const {parse} = imports.overrides.qmpGlib.json;
const {END, rejectUnknown} = imports.overrides.qmpGlib.connection;

// As many as wait for whoever reads them.
const CAPACITY = 256;

const Events = class {
    constructor(stream, cancellable) {
        this._stream = stream;
        this._mine = cancellable === null;
        this._cancellable = cancellable ?? new Gio.Cancellable();
        this._last = Promise.resolve();
        this._waiting = 0;
        this._ended = false;
        this._dropped = 0;
    }

    // How many were lost, since nobody read them in time.
    get dropped() {
        return this._stream?.get_dropped() ?? this._dropped;
    }

    [Symbol.asyncIterator]() {
        return this;
    }

    next() {
        this._waiting++;
        return this._inTurn(async () => {
            try {
                return await this._next();
            } finally {
                this._waiting--;
            }
        });
    }

    // Those that wait already, the oldest first: for whoever shows many at a time.
    take(most = Infinity) {
        const taken = [];
        for (let event; taken.length < most && (event = this._stream?.try_next());)
            taken.push(event);
        return taken;
    }

    // Ends it: by the end of the loop, or by whoever does not loop.
    return(value) {
        this._ended = true;
        if (this._waiting > 0 && this._mine)
            this._cancellable.cancel();
        return this._inTurn(async () => {
            this._end();
            return {value, done: true};
        });
    }

    _inTurn(step) {
        const turn = this._last.then(step);
        this._last = turn.catch(() => {});
        return turn;
    }

    async _next() {
        let event = null;
        try {
            if (!this._ended)
                event = await this._stream.next_async(this._cancellable);
        } catch (error) {
            const wanted = this._ended && error.matches?.(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
            this._end();
            if (!wanted)
                throw error;
        }
        if (event === null)
            this._end();
        return {value: event ?? undefined, done: event === null};
    }

    // The stream would go on gathering until the garbage is collected.
    _end() {
        this._ended = true;
        if (this._stream) {
            this._dropped = this._stream.get_dropped();
            this._stream.run_dispose();
            this._stream = null;
        }
    }
};

Events.prototype[END] = function () {
    return this.return();
};

var addEvents = function (library, types) {
    library.Connection.prototype.events = function (...names) {
        const options = typeof names.at(-1) === 'object' ? names.pop() : {};
        const {capacity = CAPACITY, timeout = GLib.MAXINT32, cancellable = null, ...unknown} = options;
        rejectUnknown('events', unknown);
        const stream = this.watch_events(names.length > 0 ? names : null, capacity);
        stream.timeout = timeout;
        return new Events(stream, cancellable);
    };

    const {prototype} = library.Event;
    const toStruct = prototype.to_struct;
    const getters = {
        name: prototype.get_name,
        timestamp: prototype.get_timestamp,
        data() {
            const text = this.get_data_json();
            return text === null ? null : parse(text);
        },
    };
    for (const [name, get] of Object.entries(getters))
        Object.defineProperty(prototype, name, {get, configurable: true});
    prototype.to_struct = function () {
        return types.prepareObject(() => toStruct.call(this));
    };
};
