# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Migrations, as Python sees them.
import contextlib
import os
import sys

import gi

gi.require_version('Qmp', '1.0')
from gi.repository import Gio, Qmp  # noqa: E402

from harness import equal, fails, run_all, test, wait  # noqa: E402


def launch(*more):
    launcher = Qmp.Launcher.new(os.environ.get('QEMU') or 'qemu-system-x86_64')
    launcher.set_arguments(['-machine', 'pc', '-accel', 'tcg', '-m', '16', '-nodefaults', '-display', 'none', *more])
    return launcher.launch()


@contextlib.contextmanager
def pair():
    machines = [launch(), launch('-incoming', 'defer')]
    try:
        yield [machine.get_connection() for machine in machines]
    finally:
        for machine in machines:
            machine.shut_down(Qmp.ShutdownOptions(power_down_timeout=0))


def crawl(connection):
    connection.migrate_set_parameters(Qmp.MigrateSetParameters(max_bandwidth=4096))


def uri_of(peer):
    return f'unix:{peer.folder}/move'


@test
def there_and_in(_, peer):
    with pair() as (source, destination):
        incoming = Qmp.Migration.receive(destination, uri_of(peer))
        outgoing = Qmp.Migration.start(source, uri_of(peer))
        assert incoming.props.incoming and not outgoing.props.incoming
        fractions = []
        outgoing.connect('notify::fraction', lambda *_: fractions.append(outgoing.props.fraction))
        _, result = wait(outgoing.wait_async, None)
        assert outgoing.wait_finish(result)
        assert incoming.wait()
        equal(outgoing.props.status, Qmp.MigrationStatus.COMPLETED)
        assert not outgoing.props.active
        equal(fractions[-1], 1)
        assert outgoing.props.transferred > 0
        equal(outgoing.get_error(), None)


@test
def attached(_, peer):
    with pair() as (source, destination):
        fails(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND, Qmp.Migration.attach, source)
        crawl(source)
        Qmp.Migration.receive(destination, uri_of(peer))
        first = Qmp.Migration.start(source, uri_of(peer))
        _, result = wait(Qmp.Migration.attach_async, source, None)
        second = Qmp.Migration.attach_finish(result)
        assert second.props.active and not second.props.incoming
        assert Qmp.Migration.attach(destination).props.incoming
        assert second.cancel()
        fails(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED, first.wait)
        equal(first.props.status, Qmp.MigrationStatus.CANCELLED)


@test
def failing(_, peer):
    with pair() as (source, _destination):
        migration = Qmp.Migration.start(source, uri_of(peer))
        error = fails(Qmp.error_quark(), Qmp.Error.MIGRATION_FAILED, migration.wait)
        assert 'No such file' in error.message
        assert 'No such file' in migration.props.error


sys.exit(run_all('START_QEMU', Qmp.Connection.open))
