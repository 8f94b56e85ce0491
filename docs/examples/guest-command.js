// SPDX-License-Identifier: LGPL-2.1-or-later
import Gio from 'gi://Gio';
import Qga from 'gi://Qga?version=1.0';

Gio._promisify(Qga.Connection, 'open_async', 'open_finish');
Gio._promisify(Qga.Process, 'spawn_async', 'spawn_finish');
Gio._promisify(Qga.Process.prototype, 'communicate_utf8_async', 'communicate_utf8_finish');

const agent = await Qga.Connection.open_async(ARGV[0] ?? 'unix:agent.sock', null, null);
const process = await Qga.Process.spawn_async(agent, ['uname', '-a'], null, null);
const [output] = await process.communicate_utf8_async(null);

print(output.trimEnd()); // process.get_exit_status() is 0
