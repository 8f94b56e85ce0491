# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: schema.py ADDRESS

Asks what a QEMU can do, and has it judge a call before it is sent.
"""
import json
import sys

import gi
gi.require_version('Qmp', '1.0')
from gi.repository import GLib, Qmp

qemu = Qmp.Connection.open(sys.argv[1] if len(sys.argv) > 1 else 'unix:qmp.sock', None, None)
schema = qemu.load_schema(None, None)
disk = {'driver': 'raw', 'file': {'drver': 'null-co'}}

try:
    schema.check_arguments_json('blockdev-add', json.dumps(disk))
except GLib.Error as error:
    print(error.message)
print('blockdev-add:', 'yes' if schema.has_argument('blockdev-add', 'file.driver') else 'no')
print('make-coffee:', 'yes' if schema.has_command('make-coffee') else 'no')
