// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What both libraries' connections have: call (), errors that say more, and an
// end with the block that they are used in.
/* exported addCall, addErrors, addDispose, rejectUnknown */

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

// For JavaScript that has `using`.
var addDispose = function (Class, end) {
    if (Symbol.asyncDispose)
        Class.prototype[Symbol.asyncDispose] = end;
};
