// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Typed values: their integers of 64 bits are exact.  The hundreds of classes are
// only looked at when they are met; one leads to another.
/* exported Types */

const {GObject} = imports.gi;
const {parse} = imports.overrides.qmpGlib.json;

// Numbers, as long as they can hold it.
function integer(text) {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : BigInt(text);
}

function wideGetter(getText, getNumber) {
    return function () {
        const text = getText.call(this);
        return text === null ? getNumber.call(this) : integer(text);
    };
}

// The member has the getter's name, with QEMU's - or _.
function listGetter(name) {
    const member = name.replace(/^get_|_member$/g, '');
    return function () {
        const json = this.get_member_json(member.replaceAll('_', '-')) ?? this.get_member_json(member);
        return json === null ? null : parse(json);
    };
}

// The names that GJS gives a property.
function spellings(name) {
    return new Set([name, name.replaceAll('-', '_'), name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())]);
}

var Types = class {
    constructor(library, name) {
        this.library = library;
        this.name = name;
        this.table = null;
        this.met = new Set();
        this.missed = [];
        this.quiet = false;
        this.prepare = this.prepare.bind(this);
    }

    // Makes a class exact, and those that its members lead to.
    prepare(name) {
        if (this.met.has(name) && this.missed.length === 0)
            return;
        this.table ??= imports.overrides.qmpGlib[`${this.name}Types`].types;
        this.quietly(() => {
            const waiting = [name, ...this.missed.splice(0)];
            while (waiting.length > 0)
                waiting.push(...this.prepareOne(waiting.pop()));
        });
    }

    // Returns the names of those that it leads to.
    prepareOne(name) {
        if (this.met.has(name))
            return [];
        const entry = this.table[name] ?? {};
        const Class = this.library[name];
        if (!Class) {
            // GJS is about to make it, and has looked for its parent
            this.missed.push(name);
            return [];
        }
        this.met.add(name);
        for (const [property, getter] of entry.wide ?? [])
            this.makeExact(Class.prototype, property, getter);
        for (const getter of entry.lists ?? [])
            Class.prototype[getter] = listGetter(getter);
        return entry.leads ?? [];
    }

    // GJS itself looks for classes, too: nothing is prepared for that.
    quietly(step) {
        const wasQuiet = this.quiet;
        this.quiet = true;
        try {
            return step();
        } finally {
            this.quiet = wasQuiet;
        }
    }

    makeExact(prototype, property, getter) {
        const get = wideGetter(prototype[`${getter}_text`], prototype[getter]);
        prototype[getter] = get;
        for (const spelling of spellings(property)) {
            const {set} = Object.getOwnPropertyDescriptor(prototype, spelling) ?? {};
            Object.defineProperty(prototype, spelling, {get, set, configurable: true, enumerable: true});
        }
    }

    // Of an object that is only now made, by a function.
    prepareObject(make) {
        const object = this.quietly(make);
        this.prepare(GObject.type_name(object.constructor.$gtype).slice(this.library.__name__.length));
        return object;
    }

    // The library, which prepares a class when it is asked for.
    watched() {
        return new Proxy(this.library, {
            get: (library, name) => {
                const value = this.quietly(() => library[name]);
                if (!this.quiet && typeof value === 'function' && value.prototype instanceof library.Struct)
                    this.prepare(name);
                return value;
            },
        });
    }
};
