// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Functions that introspection has made, made comfortable: promises, plain
// objects for typed ones, and arguments at the end that may be left out.
/* exported improveCalls */

const {GObject} = imports.gi;
const {stringify} = imports.overrides.qmpGlib.json;

function isPlain(value) {
    return typeof value === 'object' && value !== null && !(value instanceof GObject.Object);
}

// A typed value has QEMU's names; options have those of their properties.
function makeObject(types, name, plain) {
    const Class = types.library[name];
    if (Class.new_from_json)
        return Class.new_from_json(stringify(plain));
    if (isPlain(plain.limits))
        plain = {...plain, limits: new types.library.Limits(plain.limits)};
    return new Class(plain);
}

function convert(types, name, value) {
    if (name === undefined)
        return value;
    if (Array.isArray(value))
        return value.map(element => convert(types, name, element));
    return isPlain(value) ? types.quietly(() => makeObject(types, name, value)) : value;
}

// How introspection gives what a function returns beside of its success.
function unpack(result) {
    if (Array.isArray(result) && result.length > 1 && result[0] === true)
        result.shift();
    return result;
}

function promise(call, self, args, finish) {
    const origin = new Error();
    return new Promise((resolve, reject) => {
        call.call(self, ...args, (_source, result) => {
            try {
                resolve(unpack(finish.call(self, result)));
            } catch (error) {
                // the caller's lines are of more use than those of the main loop
                if (error.stack)
                    error.stack += `### Promise created here: ###\n${origin.stack.split('\n').slice(2).join('\n')}`;
                reject(error);
            }
        });
    });
}

// For a result that the function itself would round.
function callByName(connection, [command, ...names], args) {
    const named = Object.fromEntries(names.map((name, index) => [name, args[index]]));
    return connection.call(command, named, {cancellable: args[names.length]});
}

// Made by the hundred, so nothing is looked up before it is called.
class Call {
    constructor(types, holder, name, entry) {
        this.types = types;
        this.holder = holder;
        this.call = holder[name];
        this.finish = name.endsWith('_async') ? name.replace(/async$/, 'finish') : null;
        this.entry = entry;
    }

    run(instance, [...args]) {
        const {entry} = this;
        const self = entry.static ? this.holder : instance;
        if (entry.gives)
            this.types.prepare(entry.gives);
        // the last one is the callback
        const isPromise = this.finish !== null && args.length < this.call.length;
        const count = isPromise ? this.call.length - 1 : this.call.length;
        if (args.length >= entry.least && args.length < count)
            args = [...args, ...new Array(count - args.length)];
        args.forEach((value, index) => {
            args[index] = convert(this.types, entry.objects?.[index], value ?? entry.defaults?.[index] ?? null);
        });
        if (!isPromise)
            return this.call.apply(self, args);
        if (entry.exact)
            return callByName(self, entry.exact, args);
        return promise(this.call, self, args, this.holder[this.finish]);
    }

    // A function with as many parameters as the one it stands for.
    get function() {
        const self = this;
        switch (this.call.length) {
        case 0: return function () { return self.run(this, arguments); };
        case 1: return function (_1) { return self.run(this, arguments); };
        case 2: return function (_1, _2) { return self.run(this, arguments); };
        case 3: return function (_1, _2, _3) { return self.run(this, arguments); };
        case 4: return function (_1, _2, _3, _4) { return self.run(this, arguments); };
        case 5: return function (_1, _2, _3, _4, _5) { return self.run(this, arguments); };
        case 6: return function (_1, _2, _3, _4, _5, _6) { return self.run(this, arguments); };
        default: return Object.defineProperty(function () { return self.run(this, arguments); },
            'length', {value: this.call.length});
        }
    }
}

var improveCalls = function (types, calls) {
    for (const className in calls) {
        const Class = types.library[className];
        for (const name in calls[className]) {
            const entry = calls[className][name];
            const holder = entry.static ? Class : Class.prototype;
            holder[name] = new Call(types, holder, name, entry).function;
        }
    }
};
