// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What GJS adds to qga-glib as it loads it.

const {improveCalls} = imports.overrides.qmpGlib.calls;
const {addCall, addEnd, addErrors, addUsing} = imports.overrides.qmpGlib.connection;
const {calls} = imports.overrides.qmpGlib.qgaCalls;
const {Types} = imports.overrides.qmpGlib.types;

function _init() {
    const types = new Types(this, 'qga');

    improveCalls(types, calls);
    addCall(this, ['timeout', 'sensitive', 'replySize']);
    addErrors(this);
    addUsing(this);
    addEnd(this.Connection, async function () {
        await this.close_async();
    });
    addEnd(this.FreezeGuard, async function () {
        if (!this.get_thawed())
            await this.thaw_async();
    });
    imports.gi.Qga = types.watched();
}
