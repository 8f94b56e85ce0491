// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Time, in portions that a person can see. All of it comes after the drawing of
// frames, which have a higher priority.
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';

export function pause(milliseconds) {
    return new Promise(resolve => {
        GLib.timeout_add(GLib.PRIORITY_DEFAULT_IDLE, milliseconds, () => {
            resolve();
            return GLib.SOURCE_REMOVE;
        });
    });
}

// Calls back a few times in a second at most, and once after the last emission: in
// between, the handler is blocked, and an emission costs no JavaScript at all.
export function connectSeldom(object, signal, callback, milliseconds = 50) {
    const handler = object.connect(signal, () => {
        GObject.signal_handler_block(object, handler);
        pause(milliseconds).then(() => {
            if (!GObject.signal_handler_is_connected(object, handler))
                return;
            GObject.signal_handler_unblock(object, handler);
            callback();
        }).catch(logError);
    });
    return handler;
}
