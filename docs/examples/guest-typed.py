# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: guest-typed.py ADDRESS

Says which system a guest runs, and which addresses it has.
"""
import sys

import gi
gi.require_version('Qga', '1.0')
from gi.repository import GLib, Qga

try:
    agent = Qga.Connection.open(sys.argv[1] if len(sys.argv) > 1 else 'unix:agent.sock')
    system = agent.guest_get_osinfo()
    networks = agent.guest_network_get_interfaces()
except GLib.Error as error:
    sys.exit(error.message)

print('system:', system.get_pretty_name() or 'unknown')
for network in networks:
    for address in network.get_ip_addresses() or []:
        print(f'{network.get_name()}: {address.get_ip_address()}')
