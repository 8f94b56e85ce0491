# SPDX-License-Identifier: LGPL-2.1-or-later
"""usage: guest-file.py ADDRESS PATH

Writes a file in a guest, and reads it again line by line.
"""
import sys

import gi
gi.require_version('Qga', '1.0')
from gi.repository import Gio, GLib, Qga


def write_file(agent, path, data):
    file = Qga.File.open(agent, path, Qga.FileMode.WRITE)
    file.get_output_stream().write_all(data)
    # only now is it known whether the guest had room for it
    file.close()


def read_lines(agent, path):
    file = Qga.File.open(agent, path, Qga.FileMode.READ)
    lines = Gio.DataInputStream(base_stream=file.get_input_stream())
    while (line := lines.read_line_utf8()[0]) is not None:
        yield line


try:
    agent = Qga.Connection.open(sys.argv[1])
    write_file(agent, sys.argv[2], b'Hello\nfrom the host\n')
    for line in read_lines(agent, sys.argv[2]):
        print(line)
except GLib.Error as error:
    sys.exit(error.message)
