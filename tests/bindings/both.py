# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Both libraries in one process.
import sys

import gi

gi.require_version('Qmp', '1.0')
gi.require_version('Qga', '1.0')
from gi.repository import Qga, Qmp  # noqa: E402

names = [kind.__gtype__.name for kind in (Qmp.Connection, Qga.Connection)]
good = names == ['QmpConnection', 'QgaConnection']
print('1..1')
print('ok' if good else 'not ok', 1, *names)
sys.exit(0 if good else 1)
