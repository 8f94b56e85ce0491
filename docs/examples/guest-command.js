// SPDX-License-Identifier: LGPL-2.1-or-later
import Qga from 'gi://Qga?version=1.0';

const agent = await Qga.Connection.open_async(ARGV[0] ?? 'unix:agent.sock');
const process = await Qga.Process.spawn_async(agent, ['uname', '-a']);
const [output] = await process.communicate_utf8_async();

print(output.trimEnd()); // process.get_exit_status() is 0
