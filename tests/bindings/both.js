// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Both libraries in one process.
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Qga from 'gi://Qga?version=1.0';
import Qmp from 'gi://Qmp?version=1.0';
import system from 'system';

let failed = 0;
let number = 0;

function check(truth, name) {
    failed += truth ? 0 : 1;
    print(`${truth ? 'ok' : 'not ok'} ${++number} ${name}`);
}

print('1..3');
check(GObject.type_name(Qmp.Connection.$gtype) === 'QmpConnection', 'a type of one');
check(GLib.quark_to_string(Qga.Error.quark()) !== GLib.quark_to_string(Qmp.Error.quark()), 'a function of each');
const error = new GLib.Error(Qga.Error, Qga.Error.GENERIC, 'of the agent');
check(error.matches(Qga.Error, Qga.Error.GENERIC) && !error.matches(Qmp.Error, Qmp.Error.GENERIC),
    'their errors differ');
system.exit(failed === 0 ? 0 : 1);
