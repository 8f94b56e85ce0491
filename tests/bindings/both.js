// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Both libraries in one process.
import GObject from 'gi://GObject';
import Qga from 'gi://Qga?version=1.0';
import Qmp from 'gi://Qmp?version=1.0';
import system from 'system';

const names = [Qmp.Connection, Qga.Connection].map(type => GObject.type_name(type.$gtype));
const good = names.join() === 'QmpConnection,QgaConnection';
print('1..1');
print(`${good ? 'ok' : 'not ok'} 1 ${names}`);
system.exit(good ? 0 : 1);
