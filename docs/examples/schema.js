// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m schema.js ADDRESS
//
// Asks what a QEMU can do, and has it judge a call before it is sent.
import Qmp from 'gi://Qmp?version=1.0';

const qemu = await Qmp.Connection.open_async(ARGV[0] ?? 'unix:qmp.sock');
const schema = await qemu.load_schema_async();
const disk = {driver: 'raw', file: {drver: 'null-co'}};

try {
    schema.check_arguments_json('blockdev-add', JSON.stringify(disk));
} catch (error) {
    print(error.message);
}
print('blockdev-add:', schema.has_argument('blockdev-add', 'file.driver') ? 'yes' : 'no');
print('make-coffee:', schema.has_command('make-coffee') ? 'yes' : 'no');
