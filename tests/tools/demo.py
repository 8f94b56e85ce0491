# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The first thing a newcomer runs: the tour to its end, then what it offers to
# try, in its shell beside the guest, as it is printed.
import contextlib
import os
import re
import subprocess
import sys

from harness import LONGEST, equal, run_all, test

# Wants a terminal; the shells' own tests have one.
BY_HAND = ['qmpctl shared.sock shell']


def offers(demo):
    with open(demo, encoding='utf-8') as script:
        return re.search(r"<<'EOF'\n(.*?)\nEOF\n", script.read(), re.DOTALL)[1].replace('  ', '').splitlines()


@contextlib.contextmanager
def tour():
    yield os.environ['DEMO']


@test
def all_it_offers_works(demo):
    lines = [line for line in offers(demo) if line not in BY_HAND]
    script = ''.join(f'printf "BEGIN\\n"; {line}\nprintf "END %d\\n" $?\n' for line in lines)
    ended = subprocess.run([demo, '--stay'], input=script, capture_output=True, text=True, timeout=5 * LONGEST)
    results = re.findall(r'^BEGIN\n(.*?)^END (\d+)$', ended.stdout, re.MULTILINE | re.DOTALL)

    equal((ended.returncode, ended.stdout.splitlines()[-1:]), (0, ['QEMU has ended.']))
    for line, (output, status) in zip(lines, results, strict=True):
        wanted = 'running' if 'status' in line else 'bin' if 'ls /' in line else 'Linux small-guest'
        equal((line, status, wanted in output), (line, '0', True))


if __name__ == '__main__':
    sys.exit(run_all(tour))
