// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What both libraries' connections have: call (), errors that say more, and an
// end with the block that they are used in.
/* exported END, addCall, addEnd, addErrors, addUsing, rejectUnknown */

const {parse, stringify} = imports.overrides.qmpGlib.json;

var rejectUnknown = function (place, unknown) {
    const [name] = Object.keys(unknown);
    if (name !== undefined)
        throw new TypeError(`${place}: there is no option ${name}`);
};

// Gives Connection.call (), for the options that its requests have.
var addCall = function (library, optionNames) {
    function makeRequest(command, text, options) {
        const request = library.Request.new(command);
        request.set_arguments_json(text);
        for (const [name, value] of Object.entries(options)) {
            if (name === 'fd')
                request.set_fd(value);
            else
                request[name] = value;
        }
        return request;
    }

    library.Connection.prototype.call = async function (command, args = null, {cancellable = null, ...options} = {}) {
        rejectUnknown('call', Object.fromEntries(
            Object.entries(options).filter(([name]) => !optionNames.includes(name))));
        const text = args === null ? null : stringify(args);
        if (Object.keys(options).length === 0)
            return parse(await this.execute_json_async(command, text, cancellable));

        const reply = await this.execute_request_async(makeRequest(command, text, options), cancellable);
        return parse(typeof reply === 'string' ? reply : reply.to_json());
    };
};

var addErrors = function (library) {
    const {get_class_name: getClassName, get_command: getCommand, get_description: getDescription} = library.Error;
    for (const [name, get] of Object.entries({className: getClassName, command: getCommand, description: getDescription})) {
        Object.defineProperty(library.Error.prototype, name, {
            get() {
                return get(this);
            },
            configurable: true,
        });
    }
};

// How what is used in a block is ended: by JavaScript that has `await using`, and by using ().
var END = Symbol.asyncDispose ?? Symbol('end');

var addEnd = function (Class, end) {
    Class.prototype[END] = end;
};

// For JavaScript that has no `await using`, too.
var addUsing = function (library) {
    library.using = async function (opened, body) {
        const used = await opened;
        if (typeof used?.[END] !== 'function')
            throw new TypeError('using: it has nothing that ends it');
        let value;
        try {
            value = await body(used);
        } catch (error) {
            // what went wrong first is of more use than what followed
            await used[END](error).catch(() => {});
            throw error;
        }
        await used[END]();
        return value;
    };
};
