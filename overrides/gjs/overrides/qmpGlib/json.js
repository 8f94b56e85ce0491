// SPDX-License-Identifier: LGPL-2.1-or-later
//
// JSON without rounding: integers that a number cannot hold are BigInts.
/* exported parse, stringify */

const {GLib} = imports.gi;

// Any text that JSON.parse might round has as many digits in a row.
const LONG = /\d{16}/;
const NUMBER = /-?\d[\d.eE+-]*/g;
const INTEGER = /^-?\d{16,}$/;

// What no peer can guess, and therefore no string of its begins with.
function makeMark() {
    return `integer ${GLib.uuid_string_random()}:`;
}

function markNumber(mark, token) {
    const isRounded = INTEGER.test(token) && !Number.isSafeInteger(Number(token));
    return isRounded ? `"${mark}${token}"` : token;
}

function isEscaped(text, at) {
    let start = at;
    while (text[start - 1] === '\\')
        start--;
    return (at - start) % 2 === 1;
}

function findEnd(text, quote) {
    do
        quote = text.indexOf('"', quote + 1);
    while (isEscaped(text, quote));
    return quote + 1;
}

// Only what stands between strings is looked at: no pattern is run over these,
// which may be of many megabytes.
function markNumbers(mark, text) {
    const parts = [];
    let at = 0;
    while (at < text.length) {
        const quote = text.indexOf('"', at);
        const start = quote < 0 ? text.length : quote;
        parts.push(text.slice(at, start).replace(NUMBER, token => markNumber(mark, token)));
        at = quote < 0 ? start : findEnd(text, quote);
        parts.push(text.slice(start, at));
    }
    return parts.join('');
}

var parse = function (text) {
    if (!LONG.test(text))
        return JSON.parse(text);

    const mark = makeMark();
    return JSON.parse(markNumbers(mark, text), (_key, value) => {
        return typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
    });
};

// Of native values, BigInts and typed objects among them.
var stringify = function (value) {
    const mark = makeMark();
    let marked = false;
    const text = JSON.stringify(value, (key, member) => {
        if (typeof member === 'bigint') {
            marked = true;
            return `${mark}${member}`;
        }
        if (typeof member === 'number' && !Number.isFinite(member))
            throw new TypeError(`${key}: JSON has no ${member}`);
        return typeof member?.to_json === 'function' ? parse(member.to_json()) : member;
    });
    return marked ? text.replace(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1') : text;
};
