// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';

import {MachineList} from './model/machine-list.js';
import {SocketFolder} from './model/socket-folder.js';
import {Window} from './window.js';

export const APPLICATION_ID = 'org.qmpglib.VmMonitor';
export const VERSION = '0.1.0';

const SHORTCUTS = {
    'app.quit': '<Primary>q',
    'win.add': '<Primary>n',
    'win.run': '<Primary>p',
    'win.refresh': 'F5',
    'win.close': '<Primary>w',
    'win.show-help-overlay': 'F1',
    'win.view::overview': '<Alt>1',
    'win.view::screen': '<Alt>2',
    'win.view::disks': '<Alt>3',
    'win.view::jobs': '<Alt>4',
    'win.view::events': '<Alt>5',
    'win.view::guest': '<Alt>6',
};

export const Application = GObject.registerClass(class Application extends Adw.Application {
    constructor(properties = {}) {
        super({
            application_id: APPLICATION_ID,
            flags: Gio.ApplicationFlags.HANDLES_COMMAND_LINE,
            ...properties,
        });
        this.machines = new MachineList();
        this.set_option_context_parameter_string('[MONITOR[,agent=AGENT]…]');
        this.set_option_context_summary('Watches QEMU’s machines, each by the socket of its monitor and that of its guest agent.');
    }

    vfunc_startup() {
        super.vfunc_startup();
        Gtk.Window.set_default_icon_name(APPLICATION_ID);
        this._addAction('quit', () => this.quit());
        this._addAction('about', () => this._showAbout());
        for (const [action, key] of Object.entries(SHORTCUTS))
            this.set_accels_for_action(action, [key]);
        this._folder = new SocketFolder(GLib.build_filenamev([GLib.get_user_runtime_dir(), 'vm-monitor']), this.machines);
    }

    vfunc_command_line(commandLine) {
        for (const argument of commandLine.get_arguments().slice(1))
            this.machines.addArgument(argument, path => commandLine.create_file_for_arg(path).get_path());
        this.activate();
        return 0;
    }

    vfunc_activate() {
        (this.active_window ?? new Window({application: this, machines: this.machines})).present();
    }

    // Nothing is left of any machine: no call, no connection.
    vfunc_shutdown() {
        this._folder.close();
        this.machines.closeAll();
        super.vfunc_shutdown();
    }

    _addAction(name, callback) {
        const action = new Gio.SimpleAction({name});
        action.connect('activate', callback);
        this.add_action(action);
    }

    _showAbout() {
        new Adw.AboutWindow({
            transient_for: this.active_window,
            application_icon: APPLICATION_ID,
            application_name: 'VM Monitor',
            developer_name: 'The qmp-glib authors',
            version: VERSION,
            license_type: Gtk.License.LGPL_2_1,
            comments: 'An example of qmp-glib and qga-glib',
        }).present();
    }
});
