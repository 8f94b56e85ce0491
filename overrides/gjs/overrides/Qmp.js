// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What GJS adds to qmp-glib as it loads it.

const {improveCalls} = imports.overrides.qmpGlib.calls;
const {addCall, addEnd, addErrors, addUsing} = imports.overrides.qmpGlib.connection;
const {addEvents} = imports.overrides.qmpGlib.events;
const {calls} = imports.overrides.qmpGlib.qmpCalls;
const {Types} = imports.overrides.qmpGlib.types;

// A machine of ours goes with the block it is used in; another one stays.  After
// an error, nobody waits for the guest.
async function endMachine(error) {
    if (this.launched && this.alive)
        await this.shut_down_async(error === undefined ? null : {powerDownTimeout: 0});
    else if (!this.launched)
        await this.connection.close_async();
}

function _init() {
    const types = new Types(this, 'qmp');

    improveCalls(types, calls);
    addCall(this, ['timeout', 'outOfBand', 'fd', 'sensitive']);
    addErrors(this);
    addUsing(this);
    addEvents(this, types);
    addEnd(this.Connection, async function () {
        await this.close_async();
    });
    addEnd(this.Machine, endMachine);
    imports.gi.Qmp = types.watched();
}
