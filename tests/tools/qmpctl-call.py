# SPDX-License-Identifier: LGPL-2.1-or-later
import sys

from harness import Peer, Tool, contains, equal, run_all, test


class Monitor(Peer):
    """A QEMU without a machine, and qmpctl at its monitor."""

    def __init__(self, *options):
        super().__init__('START_QEMU', *options)

    def __enter__(self):
        super().__enter__()
        self.qmpctl = Tool('QMPCTL', self.address)
        return self


@test
def a_reply_is_printed_indented(qemu):
    equal(qemu.qmpctl.run('call', 'query-name').out, '{}\n')
    contains(qemu.qmpctl.run('call', 'query-version').out, '{\n  "qemu": {\n    "micro": ')


@test
def a_reply_is_one_line_of_json(qemu):
    outcome = qemu.qmpctl.run('call', '--json', 'query-status')
    equal(len(outcome.lines), 1)
    equal(sorted(outcome.json)[0], 'running')


@test
def options_stand_anywhere(qemu):
    for words in (['--json', qemu.address, 'call', 'query-name'], [qemu.address, 'call', 'query-name', '--json'],
                  [qemu.address, 'call', '--', 'query-name']):
        equal(Tool('QMPCTL').run(*words).out, '{}\n')


@test
def arguments_take_their_types_from_the_schema(qemu):
    qemu.qmpctl.run('call', 'object-add', 'qom-type=memory-backend-ram', 'id=memory', 'size=16M', 'prealloc=off')
    found = qemu.qmpctl.run('call', '-j', 'qom-get', 'path=/objects/memory', 'property=size').out
    equal(found, '16777216\n')


@test
def objects_and_lists_are_made_of_paths(qemu):
    qemu.qmpctl.run('call', 'blockdev-add', 'driver=raw', 'node-name=disk', 'file.driver=null-co', 'file.size=0x100000')
    nodes = qemu.qmpctl.run('call', '-j', 'query-named-block-nodes', 'flat=true').json
    contains([node['node-name'] for node in nodes], 'disk')


@test
def json_is_taken_as_it_is(qemu):
    add = '{"driver": "null-co", "node-name": "one"}'
    qemu.qmpctl.run('call', 'blockdev-add', add)
    qemu.qmpctl.run('call', 'blockdev-add', '-', input=add.replace('one', 'two') + '\n')
    with open(qemu.folder + '/file', 'w') as file:
        file.write('{"driver": "null-co"}')
    qemu.qmpctl.run('call', 'blockdev-add', 'driver=raw', 'node-name=three', f'file:=@{qemu.folder}/file')
    nodes = qemu.qmpctl.run('call', '-j', 'query-named-block-nodes').json
    contains([node['node-name'] for node in nodes], 'one', 'two', 'three')


@test
def mistakes_are_named_before_anything_is_sent(qemu):
    for words, said in (
        (['query-statsu'], 'query-stats'),
        (['human-monitor-command', 'comand-line=info'], 'command-line'),
        (['blockdev-add', 'driver=qcow3', 'node-name=x'], 'qcow'),
        (['object-add', 'qom-type=memory-backend-ram', 'id=m', 'size=big'], 'Argument size: "big"'),
        (['object-add', 'qom-type=memory-backend-ram', 'id=m', 'size=1', 'prealloc=maybe'], 'Argument prealloc'),
        (['stop', 'now'], '"now" is not KEY=VALUE'),
        (['eject', 'id=a', 'id=b'], 'given twice'),
        (['blockdev-add', 'file=a', 'file.driver=raw'], 'contradicts'),
        (['stop', '{"a": }'], 'JSON'),
        (['qom-get', 'path=@/nowhere', 'property=x'], '/nowhere'),
    ):
        outcome = qemu.qmpctl.try_run('call', *words)
        contains(outcome.err, said)
        equal(outcome.status in (1, 2), True)


@test
def what_the_schema_forbids_can_be_sent(qemu):
    outcome = qemu.qmpctl.fail(1, 'call', '--unchecked', 'stop', 'x=1')
    contains(outcome.err, 'stop', "'x'")


@test
def how_it_ends_says_why(qemu):
    contains(Tool('QMPCTL', '/nowhere/socket').fail(3, 'call', 'stop').err, '/nowhere/socket')
    contains(Tool('QMPCTL', qemu.address).fail(2, 'cal', 'stop').err, 'cal')
    contains(qemu.qmpctl.fail(2, 'call').err, 'Too few arguments', 'ADDRESS call COMMAND')
    contains(qemu.qmpctl.fail(2, 'call', '--nonsense').err, '--nonsense')
    contains(Tool('QMPCTL').fail(2, 'call', 'stop', env={'QMP_ADDRESS': ''}).err, 'QMP_ADDRESS')
    equal(Tool('QMPCTL').run('call', 'query-name', env={'QMP_ADDRESS': qemu.address}).out, '{}\n')


sys.exit(run_all(Monitor))
