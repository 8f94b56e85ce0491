# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A real guest, from its boot to its shutdown: a boot takes its time, so one guest
# goes through all of it.  What is true of an agent without one is tested elsewhere.
import os
import subprocess
import sys

from agents import Guest
from harness import LONGEST, contains, equal, run_all, test


def look_around(qgactl):
    contains(qgactl.run('osinfo').out, 'System     Small guest', 'Machine    x86_64', 'Kernel     ')
    equal(qgactl.run('hostname').out, 'small-guest\n')
    contains(qgactl.run('network').out, '52:54:00:12:34:56', '127.0.0.1/8')
    contains(qgactl.run('disks').out, '/dev/vda  disk  virtio 0:0:0')
    contains(qgactl.run('filesystems').out, 'vda     ext4', '/data       /dev/vda')
    equal(qgactl.run('cpus').out, 'CPU  ONLINE  CAN GO OFFLINE\n  0  yes     no\n')
    contains(qgactl.run('load').out, 'in the last minute')
    contains(qgactl.run('time', 'set', 'now').out, 'Clock      ')


def run_commands(qgactl):
    contains(qgactl.run('exec', 'uname', '-a').out, 'Linux small-guest ')
    outcome = qgactl.try_run('exec', '--stdin', '--', 'sh', '-c', 'cat; echo bad >&2; exit 3', input='good')
    equal((outcome.status, outcome.out, outcome.err), (3, 'good', 'bad\n'))
    # while one client waits there is no room for another to look
    contains(qgactl.fail(125, 'exec', '--timeout', '2', 'sleep', '1000').err, 'to end')
    equal('sleep 1000' in qgactl.run('exec', 'ps').out, False)
    qgactl.run('exec', 'touch', '/data/mark')
    equal(qgactl.run('shell', input='cd /data\nls mark\npwd\n').out, 'mark\n/data\n')


def carry_files(qgactl, folder):
    data = os.urandom(3000000)
    with open(folder + '/mine', 'wb') as file:
        file.write(data)
    qgactl.run('put', file.name, '/data/')
    contains(qgactl.run('exec', 'sha256sum', '/data/mine').out,
             subprocess.run(['sha256sum', file.name], capture_output=True, check=True, text=True).stdout.split()[0])
    equal(qgactl.run('get', '-j', '/data/mine', folder + '/back').json, {'bytes': len(data)})
    with open(folder + '/back', 'rb') as file:
        equal(file.read() == data, True)


def freeze_and_thaw(qgactl):
    equal(qgactl.run('freeze').out, '1 file system is frozen; "thaw" undoes it\n')
    equal(qgactl.run('status').out, 'frozen\n')
    contains(qgactl.fail(125, 'exec', 'true').err, 'frozen')
    equal(qgactl.run('thaw').out, '1 file system is thawed\n')
    equal(qgactl.run('freeze', '/data', '--run', 'true', '-j').json, {'frozen': 1})
    contains(qgactl.fail(1, 'freeze', '/nowhere').err, 'no such file system')
    equal(qgactl.run('status').out, 'thawed\n')
    qgactl.run('exec', 'touch', '/data/mine')
    contains(qgactl.run('fstrim').out, '/data')


def let_somebody_in(qgactl):
    key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHx me@here'
    qgactl.run('ssh-keys', 'add', 'root', key)
    equal(qgactl.run('ssh-keys', 'list', 'root').out, key + '\n')
    qgactl.run('ssh-keys', 'remove', 'root', key)
    equal(qgactl.run('ssh-keys', 'list', 'root').out, '')
    before = qgactl.run('cat', '/etc/shadow').out
    qgactl.run('passwd', 'root', input='a new password')
    after = qgactl.run('cat', '/etc/shadow').out
    equal((before.startswith('root:*:'), after.startswith('root:$6$')), (True, True))


@test
def a_guest_from_its_boot_to_its_shutdown(guest):
    look_around(guest.qgactl)
    run_commands(guest.qgactl)
    carry_files(guest.qgactl, guest.folder)
    freeze_and_thaw(guest.qgactl)
    let_somebody_in(guest.qgactl)
    acceptance = guest.qgactl.run('shutdown', '--json').json
    equal(acceptance['acceptance'] in ('silent', 'closed'), True)
    equal(guest.process.wait(LONGEST), 0)


sys.exit(run_all(Guest))
