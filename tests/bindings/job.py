# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Jobs as Python sees them: the blocking forms, and a list that follows.
import json
import sys

import gi

gi.require_version('Qmp', '1.0')
from gi.repository import Gio, Qmp  # noqa: E402

from harness import equal, fails, run_all, run_until, test, wait  # noqa: E402


def add_nodes(connection):
    for name in ('from', 'to'):
        node = {'driver': 'null-co', 'node-name': name, 'size': 8388608, 'read-zeroes': True}
        connection.execute_json('blockdev-add', json.dumps(node))


def backup(**more):
    request = Qmp.Request(command='blockdev-backup')
    arguments = {'device': 'from', 'target': 'to', 'sync': 'full', **more}
    request.set_arguments_json(json.dumps(arguments))
    return request


@test
def run(connection, emulator):
    add_nodes(connection)
    assert Qmp.Job.run(connection, backup(), None, Qmp.JobRunFlags.NONE, None)
    equal(connection.execute_json('query-jobs'), '[]')
    fails(Qmp.Error.quark(), Qmp.Error.GENERIC,
          Qmp.Job.run, connection, backup(target='none'), None, Qmp.JobRunFlags.NONE, None)


@test
def blocking(connection, emulator):
    add_nodes(connection)
    job = Qmp.Job.start(connection, backup(speed=4194304), None, None)
    equal(job.props.job_type, Qmp.JobType.BACKUP)
    assert job.wait(None)
    equal(job.props.fraction, 1)
    assert not job.props.active


@test
def following(connection, emulator):
    jobs = Qmp.JobList.new(connection)
    add_nodes(connection)
    _, result = wait(Qmp.Job.start_async, connection, backup(speed=1), None, None)
    job = Qmp.Job.start_finish(result)
    run_until(lambda: jobs.get_n_items() == 1)
    equal(jobs[0].props.id, job.props.id)
    job.cancel(False)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED, job.wait, None)
    run_until(lambda: jobs.get_n_items() == 0)


@test
def details(connection, emulator):
    add_nodes(connection)
    job = Qmp.Job.start(connection, backup(speed=1), None, None)
    equal(job.props.speed_limit, -1)
    job.query_details(None)
    equal(job.props.speed_limit, 1)
    assert job.props.auto_dismiss
    job.limit_speed(0, None)
    equal(job.props.speed_limit, 0)
    assert job.wait(None)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND, job.query_details, None)


@test
def overlays(connection, emulator):
    path = f'{emulator.folder}/disk'
    with open(path, 'wb') as file:
        file.truncate(1048576)
    node = {'driver': 'raw', 'node-name': 'disk', 'file': {'driver': 'file', 'filename': path}}
    connection.execute_json('blockdev-add', json.dumps(node))
    snapshot = Qmp.ExternalSnapshot()
    snapshot.add_disk('disk', f'{emulator.folder}/one', 'one')
    _, result = wait(snapshot.take_async, connection, None)
    equal(snapshot.take_finish(result), ['one'])
    top = connection.add_overlay('one', f'{emulator.folder}/two')
    chain = connection.list_chain(top)
    equal([node.props.node_name for node in chain], [top, 'one', 'disk'])
    equal([node.props.drv for node in chain], ['qcow2', 'qcow2', 'raw'])
    equal(chain[2].props.file, path)
    assert connection.stream_overlay(top, Qmp.BlockStreamArguments(base_node='disk'))
    equal(connection.commit_overlay(top), 'disk')
    equal(len(connection.list_chain('disk')), 1)
    fails(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND, connection.list_chain, top)


def connect(address):
    return Qmp.Connection.open(address, None, None)


sys.exit(run_all('START_QEMU', connect))
