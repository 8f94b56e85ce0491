// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A folder of sockets: NAME.sock is a monitor, NAME.agent.sock its guest agent. A
// machine comes into the list with its socket.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

const MONITOR = /^(.+)\.sock$/;
const AGENT = /\.agent\.sock$/;

export class SocketFolder {
    constructor(path, machines) {
        // for its owner alone: who has a monitor's socket has the machine
        GLib.mkdir_with_parents(path, 0o700);
        this._folder = Gio.File.new_for_path(path);
        this._machines = machines;
        this._monitor = this._folder.monitor_directory(Gio.FileMonitorFlags.NONE, null);
        this._handler = this._monitor.connect('changed', (_monitor, file, _other, change) => {
            if (change === Gio.FileMonitorEvent.CREATED)
                this._add(file);
        });
        this._addThose();
    }

    close() {
        this._monitor.disconnect(this._handler);
        this._monitor.cancel();
    }

    _addThose() {
        if (!this._folder.query_exists(null))
            return;
        const infos = this._folder.enumerate_children('standard::name', Gio.FileQueryInfoFlags.NONE, null);
        for (const info of infos)
            this._add(infos.get_child(info));
    }

    _add(file) {
        const [, name] = MONITOR.exec(file.get_basename()) ?? [];
        if (name !== undefined && !AGENT.test(file.get_basename()))
            this._machines.addMachine(file.get_path(), this._folder.get_child(`${name}.agent.sock`).get_path());
    }
}
