// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A machine as this app holds it: its connection from one opening to its end, what
// is known of it, and its buttons. Nothing in here knows of widgets.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Qmp from 'gi://Qmp?version=1.0';

import {connectSeldom} from '../later.js';
import {clean, nameRunState} from '../text.js';
import {Disks} from './disks.js';
import {EventLog} from './event-log.js';
import {Guest} from './guest.js';
import {PowerOff} from './power-off.js';

const OPENING_MS = 15000;

const readWrite = GObject.ParamFlags.READWRITE;

export const MonitoredMachine = GObject.registerClass({
    Properties: {
        'name': GObject.ParamSpec.string('name', '', '', readWrite, ''),
        // connecting, connected, ended or failed; closed before and after
        'phase': GObject.ParamSpec.string('phase', '', '', readWrite, 'closed'),
        // why it has ended, or failed
        'message': GObject.ParamSpec.string('message', '', '', readWrite, ''),
        'run-state': GObject.ParamSpec.string('run-state', '', '', readWrite, ''),
        'running': GObject.ParamSpec.boolean('running', '', '', readWrite, false),
        // a list model of Qmp.Job, while it is connected
        'jobs': GObject.ParamSpec.object('jobs', '', '', readWrite, Gio.ListModel),
    },
    Signals: {
        // what the user should be told in passing
        'problem': {param_types: [GObject.TYPE_STRING]},
    },
}, class MonitoredMachine extends GObject.Object {
    constructor({address, agent_address: agentAddress = null}) {
        super({name: GLib.path_get_basename(address).replace(/\.sock$/, '')});
        this.address = address;
        this.events = new EventLog();
        this.disks = new Disks();
        this.guest = new Guest(agentAddress);
        this.powerOff = new PowerOff(this);
        this._machine = null;
        this._cancellable = null;
    }

    // Qmp.Machine, or null.
    get machine() {
        return this._machine;
    }

    get connection() {
        return this._machine?.connection ?? null;
    }

    // Everything that is done for this machine ends with it.
    get cancellable() {
        return this._cancellable;
    }

    get isOpen() {
        return this.phase === 'connecting' || this.phase === 'connected';
    }

    async open() {
        this.close();
        const cancellable = this._cancellable = new Gio.Cancellable();
        this.phase = 'connecting';
        try {
            const machine = await Qmp.Machine.attach_async(this.address, {timeout: OPENING_MS}, cancellable);
            if (cancellable.is_cancelled())
                machine.connection.close_async().catch(logError);
            else
                this._follow(machine, cancellable);
        } catch (error) {
            if (!(error instanceof GLib.Error))
                throw error;
            if (!cancellable.is_cancelled())
                this._end('failed', error.message);
        }
    }

    // Lets go of it; the machine goes on.
    close() {
        this._cancellable?.cancel();
        const {connection} = this;
        this._end('closed', '');
        connection?.close_async().catch(logError);
    }

    async start() {
        await this._machine.start_async(this._cancellable);
    }

    async pause() {
        await this._machine.pause_async(this._cancellable);
    }

    // Qmp.Screenshot
    async takeScreenshot() {
        return await this.connection.take_screenshot_async(null, 0, this._cancellable);
    }

    // For what was done in passing: its end by our own hand is no news, nor is that
    // of the connection, which _onClosed () tells.
    report(error) {
        if (!(error instanceof GLib.Error))
            logError(error);
        else if (this.phase === 'connected' && !error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED) &&
                 !error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CLOSED))
            this.emit('problem', clean(error.message));
    }

    _follow(machine, cancellable) {
        const {connection} = machine;
        const report = error => this.report(error);
        this._machine = machine;
        this._handlers = [
            [machine, connectSeldom(machine, 'notify::run-state', () => this._updateState())],
            [connection, connection.connect('closed', (_connection, error) => this._onClosed(error))],
        ];
        this._updateState();
        this.jobs = Qmp.JobList.new(connection);
        this.phase = 'connected';
        this._learnName().catch(report);
        this.events.follow(connection, cancellable).catch(report);
        this.disks.follow(connection, cancellable).catch(report);
        this.guest.follow(connection, cancellable);
        this.guest.watchPort(cancellable).catch(report);
        this.powerOff.follow(machine);
    }

    async _learnName() {
        const {name} = await this.connection.query_name_async(this._cancellable);
        if (name)
            this.name = clean(name, 60);
    }

    _updateState() {
        this.run_state = nameRunState(this._machine.run_state);
        this.running = this._machine.running;
    }

    // The error is null when the end was wanted, by whomever.
    _onClosed(error) {
        this._cancellable.cancel();
        this._end(error ? 'failed' : 'ended', error ? error.message : this.powerOff.describeEnd());
    }

    _end(phase, message) {
        for (const [object, handler] of this._handlers ?? [])
            object.disconnect(handler);
        this._handlers = [];
        this._machine = null;
        this.powerOff.follow(null);
        this.guest.close();
        this.jobs = null;
        this.running = false;
        this.run_state = '';
        this.message = clean(message, 500);
        this.phase = phase;
    }
});
