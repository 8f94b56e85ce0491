# SPDX-License-Identifier: LGPL-2.1-or-later
import os
import sys
import tempfile

from harness import Peer, Tool, contains, equal, run_all, test


class Monitor(Peer):
    def __init__(self):
        super().__init__('START_QEMU')

    def __enter__(self):
        super().__enter__()
        self.qmpctl = Tool('QMPCTL', self.address)
        return self


@test
def everything_is_listed(qemu):
    lines = qemu.qmpctl.run('schema').lines
    equal(lines[0].split(), ['KIND', 'NAME', 'OUT', 'OF', 'BAND', 'FEATURES'])
    found = {tuple(line.split()[:2]) for line in lines[1:]}
    equal({('command', 'query-status'), ('event', 'STOP')} <= found, True)
    equal(len(found) > 200, True)


@test
def a_pattern_chooses(qemu):
    names = [entry['name'] for entry in qemu.qmpctl.run('schema', 'query-block*', '--json').json]
    equal('query-blockstats' in names, True)
    equal([name for name in names if not name.startswith('query-block')], [])
    equal(qemu.qmpctl.run('schema', 'no-such-*').lines, ['KIND  NAME  OUT OF BAND  FEATURES'])


@test
def a_command_is_told_with_its_arguments_and_result(qemu):
    out = qemu.qmpctl.run('schema', 'query-jobs').out
    contains(out, 'Command      query-jobs\nArguments    none\n', '\nResult (list of object)\n')
    contains(out, 'status            enum     one of: ')
    out = qemu.qmpctl.run('schema', 'block_resize').out
    contains(out, 'device     string   optional\n', 'size       integer  -\n', '\n\nResult       none\n')


@test
def a_tag_chooses_members(qemu):
    out = qemu.qmpctl.run('schema', 'blockdev-add').out
    contains(out, 'More depends on driver: see "schema blockdev-add driver=VALUE".')
    equal('offset' in out, False)
    out = qemu.qmpctl.run('schema', 'blockdev-add', 'driver=raw').out
    contains(out, '\noffset ', '\nfile              object or string')
    equal('More depends' in out, False)
    contains(qemu.qmpctl.run('schema', 'blockdev-add', 'driver=raw', 'file.driver=file').out, '\n  filename ')


@test
def depth_shows_members_of_members(qemu):
    def find_cache(*options):
        whole = qemu.qmpctl.run('schema', 'blockdev-add', '--json', *options).json
        return next(member for member in whole['arguments']['members'] if member['name'] == 'cache')
    equal([member['name'] for member in find_cache()['members']], ['direct', 'no-flush'])
    equal('members' in find_cache('--depth', '0'), False)


@test
def an_event_is_told(qemu):
    whole = qemu.qmpctl.run('schema', 'JOB_STATUS_CHANGE', '--json').json
    equal((whole['kind'], whole['name']), ('event', 'JOB_STATUS_CHANGE'))
    status = whole['data']['members'][1]
    equal((status['name'], status['type'], status['optional']), ('status', 'enum', False))
    equal('concluded' in status['values'], True)


@test
def what_is_not_there_is_said_with_what_is_near(qemu):
    contains(qemu.qmpctl.fail(1, 'schema', 'query-blok').err, 'query-blok', 'did you mean query-block?')
    contains(qemu.qmpctl.fail(2, 'schema', 'stop', 'word').err, 'TAG=VALUE')
    contains(qemu.qmpctl.fail(2, 'schema', 'stop', '--depth', '99').err, '0 to 16')


@test
def it_is_kept_in_the_users_cache(qemu):
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            qemu.qmpctl.run('schema', 'stop', env={'XDG_CACHE_HOME': folder})
            equal(len(os.listdir(folder + '/qmpctl')), 1)


sys.exit(run_all(Monitor))
