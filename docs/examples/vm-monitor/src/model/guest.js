// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a guest tells of itself, by its agent. An agent may not be there yet, be
// gone, or say nothing: each call has a deadline, and nothing else waits for it.
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Qga from 'gi://Qga?version=1.0';

import {pause} from '../later.js';
import {clean} from '../text.js';

const DEADLINE_MS = 5000;
const PAUSE_MS = 1000;
const AGENT_PORT = 'org.qemu.guest_agent.0';

export const Guest = GObject.registerClass({
    Properties: {
        // absent, asking, answering or silent
        'state': GObject.ParamSpec.string('state', '', '', GObject.ParamFlags.READWRITE, 'absent'),
        'message': GObject.ParamSpec.string('message', '', '', GObject.ParamFlags.READWRITE, ''),
    },
    Signals: {'changed': {}},
}, class Guest extends GObject.Object {
    constructor(address) {
        super();
        this.address = address;
        this._agent = null;
        this._asking = null;
        this._forget();
    }

    get agent() {
        return this._agent;
    }

    // `monitor` is what knows when the agent comes and goes.
    follow(monitor, cancellable) {
        this._monitor = monitor;
        this._cancellable = cancellable;
        this.refresh().catch(logError);
    }

    // A guest may open and close its port as often as it likes: one of its events in
    // a while is enough, and a handler of the signal would run for each.
    async watchPort(cancellable) {
        const events = this._monitor.events('VSERPORT_CHANGE', {capacity: 1, cancellable});
        for await (const _event of events) {
            await this._askAgain();
            await pause(PAUSE_MS);
        }
    }

    close() {
        this._agent?.close_async().catch(logError);
        this._forget();
    }

    // Asks for everything, one time after the other; that it fails, its state tells.
    async refresh() {
        const cancellable = this._cancellable;
        if (this.address === null || cancellable.is_cancelled() || this._asking === cancellable)
            return;
        this._asking = cancellable;
        try {
            await this._ask(cancellable);
        } finally {
            if (this._asking === cancellable)
                this._asking = null;
        }
    }

    // Asks the guest to power itself off.
    async powerOff() {
        await this._agent.shutdown_async(Qga.ShutdownMode.POWERDOWN, this._cancellable);
    }

    _forget() {
        this._agent = null;
        this.system = null;
        this.hostName = null;
        this.interfaces = [];
        this.fileSystems = [];
        this.users = [];
        this.message = '';
        this.state = 'absent';
    }

    async _ask(cancellable) {
        if (this.state !== 'answering')
            this.state = 'asking';
        try {
            if (this._agent?.get_state() !== Qga.ConnectionState.OPEN)
                await this._open(cancellable);
            await this._askAll(this._agent, cancellable);
            this.state = 'answering';
            this.emit('changed');
        } catch (error) {
            if (!(error instanceof GLib.Error))
                throw error;
            if (!cancellable.is_cancelled())
                this._fallSilent(error);
        }
    }

    async _open(cancellable) {
        const agent = this._agent = await Qga.Connection.open_async(this.address,
            {timeout: DEADLINE_MS, default_timeout: DEADLINE_MS}, cancellable);
        const port = await this._findPort(cancellable);
        if (port !== null)
            agent.watch_monitor(this._monitor, port);
        agent.connect('notify::generation', () => this.refresh().catch(logError));
        agent.connect('notify::responsive', () => agent.responsive && this._askAgain().catch(logError));
        agent.connect('closed', (_agent, error) => {
            if (error !== null && agent === this._agent)
                this._fallSilent(error);
        });
    }

    _fallSilent(error) {
        this.message = clean(error.message, 500);
        this.state = 'silent';
    }

    // The port's id: QEMU names it when the agent comes and goes.
    async _findPort(cancellable) {
        for (const device of await this._monitor.qom_list_async('/machine/peripheral', cancellable)) {
            if (device.type !== 'child<virtserialport>')
                continue;
            const name = await this._monitor.qom_get_async(`/machine/peripheral/${device.name}`, 'name', cancellable);
            if (JSON.parse(name) === AGENT_PORT)
                return device.name;
        }
        return null;
    }

    // An older agent has not all of these, and an owner may forbid some.
    async _askAll(agent, cancellable) {
        const ask = async (command, call, otherwise) =>
            agent.is_command_enabled(command) ? await call.call(agent, cancellable) : otherwise;
        this.system = await ask('guest-get-osinfo', agent.guest_get_osinfo_async, null);
        this.hostName = await ask('guest-get-host-name', agent.guest_get_host_name_async, null);
        this.users = await ask('guest-get-users', agent.guest_get_users_async, []);
        this.interfaces = await ask('guest-network-get-interfaces', agent.guest_network_get_interfaces_async, []);
        this.fileSystems = await ask('guest-get-fsinfo', agent.guest_get_fsinfo_async, []);
    }

    async _askAgain() {
        if (this.state === 'silent')
            await this.refresh();
    }
});
