# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The verbs that look, at the agent of this machine: what it says is compared with
# what the system says.
import os
import re
import socket
import sys
import threading
import time

from agents import FakeAgent, RealAgent, Refusal
from harness import LONGEST, Tool, contains, equal, run_all, test
from terminal import Terminal

SIZE = r'\d+(\.\d)? ([KMGTPE]i)?B'


def columns(lines):
    """Where the columns of a table begin, by their titles."""
    return [match.start() for match in re.finditer(r'(?<!\S)\S+(?: \S+)*', lines[0])]


@test
def ping_says_who_answered(agent):
    found = re.fullmatch(r'The agent (\S+) has answered after \d+\.\d ms\n', agent.qgactl.run('ping').out)
    outcome = agent.qgactl.run('ping', '--json').json
    equal((outcome['version'], sorted(outcome)), (found[1], ['microseconds', 'version']))


@test
def info_lists_what_the_agent_can_do(agent):
    lines = agent.qgactl.run('info').lines
    contains(lines[0], 'Agent      ')
    equal(lines[2].split(), ['COMMAND', 'ENABLED', 'ANSWERED'])
    equal([line.split()[1:] for line in lines if line.startswith(('guest-ping ', 'guest-shutdown '))],
          [['yes', 'yes'], ['no', 'no']])
    equal(lines[3:], sorted(lines[3:]))
    equal(sorted(agent.qgactl.run('info', '-j').json), ['supported_commands', 'version'])


@test
def the_system_is_the_one_here(agent):
    fields = dict(line.split(None, 1) for line in agent.qgactl.run('osinfo').lines)
    equal((fields['Kernel'], fields['Machine']), (os.uname().release, os.uname().machine))
    equal(agent.qgactl.run('osinfo', '-j').json['kernel-release'], os.uname().release)
    equal(agent.qgactl.run('hostname').out, socket.gethostname() + '\n')
    equal(agent.qgactl.run('hostname', '-j').json, {'host-name': socket.gethostname()})


@test
def interfaces_have_addresses_and_counters(agent):
    lines = agent.qgactl.run('network').lines
    equal(lines[0].split(), ['INTERFACE', 'MAC', 'RECEIVED', 'SENT', 'ADDRESS'])
    loopback = next(line for line in lines if line.startswith('lo '))
    equal(re.fullmatch(rf'lo +(\S+) +{SIZE} +{SIZE} +127\.0\.0\.1/8', loopback) is not None, True)
    equal([each['name'] for each in agent.qgactl.run('network', '-j').json].count('lo'), 1)


@test
def tables_stand_in_columns(agent):
    for verb, titles in (('disks', 'NAME KIND BUS SERIAL ALIAS ON'), ('cpus', 'CPU ONLINE CAN GO OFFLINE'),
                         ('filesystems', 'DEVICE TYPE SIZE USED USE% MOUNTED ON DISKS'), ('users', 'USER LOGGED IN SINCE DOMAIN')):
        outcome = agent.qgactl.run(verb)
        equal(' '.join(outcome.lines[0].split()), titles)
        equal(len(outcome.lines) - 1, len(agent.qgactl.run(verb, '--json').json))
        for line in outcome.lines:
            equal(line, line.rstrip())


@test
def sizes_have_units(_agent):
    fsinfo = [{'name': 'sda1', 'mountpoint': '/', 'type': 'ext4', 'used-bytes': 3 << 29, 'total-bytes': 3 << 30, 'disk': [
                  {'pci-controller': {'domain': 0, 'bus': 0, 'slot': 0, 'function': 0}, 'bus-type': 'sata', 'bus': 0,
                   'target': 0, 'unit': 0, 'dev': '/dev/sda'}]},
              {'name': 'tmp', 'mountpoint': '/a long/path', 'type': 'tmpfs', 'disk': []}]
    with FakeAgent(guest_get_fsinfo=fsinfo) as fake:
        equal(fake.qgactl.run('filesystems').out,
              'DEVICE  TYPE      SIZE     USED  USE%  MOUNTED ON    DISKS\n'
              'sda1    ext4   3.0 GiB  1.5 GiB   50%  /             /dev/sda\n'
              'tmp     tmpfs        -        -     -  /a long/path  -\n')
        equal(fake.qgactl.run('filesystems', '-j').json, fsinfo)


@test
def users_are_told_with_their_times(_agent):
    with FakeAgent(guest_get_users=[{'user': 'anna', 'login-time': 1500000000.25, 'domain': 'HOME'},
                                    {'user': 'eva', 'login-time': 1e300}]) as fake:
        outcome = fake.qgactl.run('users', env={'TZ': 'UTC'})
        equal(outcome.out, 'USER  LOGGED IN SINCE      DOMAIN\n'
                           'anna  2017-07-14 02:40:00  HOME\n'
                           'eva   -                    -\n')


@test
def the_clock_is_compared_with_ours(agent):
    fields = dict(line.split(None, 1) for line in agent.qgactl.run('time').lines)
    equal(fields['Clock'], "as this machine's")
    now = agent.qgactl.run('time', '-j').json
    equal(abs(now['time'] / 1e9 - time.time()) < 60, True)
    equal(sorted(now), ['time', 'timezone'])
    with FakeAgent(guest_get_time=0, guest_get_timezone={'offset': 3600, 'zone': 'CET'}) as fake:
        lines = fake.qgactl.run('time').lines
        equal(lines[:2], ['Time       1970-01-01 00:00:00.000', 'Local      1970-01-01 01:00:00.000 CET'])
        contains(lines[2], "behind this machine's")
        equal(fake.qgactl.run('time', '-j').json, {'time': 0, 'timezone': {'offset': 3600, 'zone': 'CET'}})


@test
def the_clock_is_set(_agent):
    with FakeAgent(guest_get_time=0, guest_set_time={}) as fake:
        for words, expected in (([], {}), (['2017-07-14T02:40:00Z'], {'time': 1500000000 * 10 ** 9}),
                                (['2017-07-14 04:40:00.5+02:00'], {'time': 1500000000 * 10 ** 9 + 5 * 10 ** 8})):
            fake.heard.clear()
            fake.qgactl.run('time', 'set', *words)
            equal(fake.wait_for('guest-set-time'), expected)
        fake.heard.clear()
        fake.qgactl.run('time', 'set', 'now')
        equal(abs(fake.wait_for('guest-set-time')['time'] / 1e9 - time.time()) < 60, True)
        contains(fake.qgactl.fail(2, 'time', 'set', 'tomorrow').err, '"tomorrow" is no time')
        contains(fake.qgactl.fail(2, 'time', 'get').err, 'time set')


@test
def older_agents_tell_their_load_by_a_file(agent):
    equal(re.fullmatch(r'\d+\.\d\d in the last minute, \d+\.\d\d in 5, \d+\.\d\d in 15\n', agent.qgactl.run('load').out) is not None,
          True)
    with FakeAgent(guest_get_load={'load1m': 0.5, 'load5m': 1, 'load15m': 20.25}) as fake:
        equal(fake.qgactl.run('load').out, '0.50 in the last minute, 1.00 in 5, 20.25 in 15\n')
        equal(fake.qgactl.run('load', '-j').out, '{"load1m":0.5,"load5m":1,"load15m":20.25}\n')


@test
def commands_are_called_with_checked_arguments(agent):
    handle = agent.qgactl.run('call', 'guest-file-open', 'path=/etc/passwd').out.strip()
    read = agent.qgactl.run('call', '-j', 'guest-file-read', f'handle={handle}', 'count=1K').json
    equal(sorted(read), ['buf-b64', 'count', 'eof'])
    equal(agent.qgactl.run('call', 'guest-file-seek', f'handle={handle}', 'offset=5', 'whence=set', '-j').json['position'], 5)
    equal(agent.qgactl.run('call', 'guest-file-close', f'handle={handle}').out, '{}\n')
    for words, said in ((['guest-file-raed', 'handle=1'], 'guest-file-read'),
                        (['guest-file-open', 'pth=/x'], 'path'),
                        (['guest-file-read', 'handle=many'], 'Argument handle'),
                        (['guest-file-seek', 'handle=1', 'offset=0', 'whence=middle'], 'whence')):
        contains(agent.qgactl.fail(2, 'call', *words).err, said)
    with FakeAgent(guest_new={'done': True}) as fake:
        equal(fake.qgactl.run('call', '-u', '-j', 'guest-new', 'how=fast', 'times=3').json, {'done': True})
        equal(fake.wait_for('guest-new'), {'how': 'fast', 'times': 3})


@test
def the_schema_is_told_without_an_address(_agent):
    lines = Tool('QGACTL').run('schema').lines
    equal(lines[0].split(), ['COMMAND', 'RETURNS', 'ARGUMENTS'])
    contains([line.split() for line in lines], ['guest-file-open', 'integer', 'path', '[mode]'])
    equal(Tool('QGACTL').run('schema', '-j', 'guest-file-seek').json, {
        'name': 'guest-file-seek', 'returns': 'object',
        'arguments': [{'name': 'handle', 'type': 'integer', 'optional': False}, {'name': 'offset', 'type': 'integer', 'optional': False},
                      {'name': 'whence', 'type': 'integer or set|cur|end', 'optional': False}]})
    equal(len(Tool('QGACTL').run('schema', '--json').json), len(lines) - 1)
    contains(Tool('QGACTL').run('schema', 'guest-network-get-interfaces').out, 'Arguments: none\n', 'Returns: list of object\n',
             '  prefix           always    integer\n')
    contains(Tool('QGACTL').fail(2, 'schema', 'guest-pig').err, 'guest-ping')


@test
def the_schema_has_all_that_the_agent_can_do(agent):
    can = {command['name'] for command in agent.qgactl.run('info', '-j').json['supported_commands']}
    equal(can - {command['name'] for command in Tool('QGACTL').run('schema', '-j').json}, set())


@test
def who_sits_there_is_told_of_a_wait(_agent):
    silent = threading.Event()
    with FakeAgent() as fake:
        answer, fake.answer = fake.answer, lambda name, arguments: silent.wait(LONGEST) and answer(name, arguments)
        with Terminal(fake.qgactl, 'ping') as terminal:
            terminal.expect('Waiting for the agent')
            silent.set()
            contains(terminal.ends(0), '\r\x1b[K', 'has answered')


@test
def how_it_ends_says_why(agent):
    contains(Tool('QGACTL', '/nowhere/socket').fail(3, 'ping').err, '/nowhere/socket')
    contains(agent.qgactl.fail(2, 'pong').err, 'pong')
    contains(Tool('QGACTL', agent.address).fail(2).err, 'missing after', agent.address)
    contains(Tool('QGACTL').fail(2, 'ping-pong', 'x').err, '"ping-pong"')
    contains(agent.qgactl.fail(2, 'ping', 'it').err, 'Too many arguments')
    contains(agent.qgactl.fail(1, 'call', 'guest-shutdown').err, 'disabled')
    contains(Tool('QGACTL').fail(2, 'ping', env={'QGA_ADDRESS': ''}).err, 'QGA_ADDRESS')
    Tool('QGACTL').run('ping', env={'QGA_ADDRESS': agent.address})
    with FakeAgent(guest_get_host_name=lambda _: None, guest_get_users=Refusal('nobody is at home')) as fake:
        contains(fake.qgactl.fail(4, 'hostname', '-t', '0.2').err, 'in time')
        contains(fake.qgactl.fail(1, 'users').err, 'nobody is at home')


sys.exit(run_all(RealAgent))
