# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Both libraries in one process.
import sys

import gi

gi.require_version('Qmp', '1.0')
gi.require_version('Qga', '1.0')
from gi.repository import GLib, Qga, Qmp  # noqa: E402

error = GLib.Error.new_literal(Qga.error_quark(), 'of the agent', Qga.Error.GENERIC)
checks = {
    'a type of one': Qmp.Connection.__gtype__.name == 'QmpConnection',
    'a type of the other': Qga.Error.__gtype__.name == 'QgaError',
    'their errors differ': error.matches(Qga.error_quark(), Qga.Error.GENERIC)
    and not error.matches(Qmp.error_quark(), Qmp.Error.GENERIC),
}
print(f'1..{len(checks)}')
for number, (name, good) in enumerate(checks.items(), 1):
    print('ok' if good else 'not ok', number, name)
sys.exit(0 if all(checks.values()) else 1)
