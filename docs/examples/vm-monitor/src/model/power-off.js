// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The way down: the guest is asked, by its agent or its power button, and has its
// time. To go on by force is up to the user.
import Gio from 'gi://Gio';
import GObject from 'gi://GObject';
import Qmp from 'gi://Qmp?version=1.0';

const PATIENCE_MS = 60000;

// Never by force: each of these steps is left out.
const GENTLY = {power_down_timeout: PATIENCE_MS, quit_timeout: 0, terminate_timeout: 0, kill: false};
const BY_FORCE = {power_down_timeout: 0};

export const PowerOff = GObject.registerClass({
    Properties: {
        // what is done just now; empty if nothing is
        'step': GObject.ParamSpec.string('step', '', '', GObject.ParamFlags.READWRITE, ''),
    },
}, class PowerOff extends GObject.Object {
    constructor(monitored) {
        super();
        this._monitored = monitored;
        this._machine = null;
        this._last = Qmp.ShutdownStep.NONE;
        this._running = null;
    }

    get isGoingOn() {
        return this.step !== '';
    }

    follow(machine) {
        this._cancel();
        for (const handler of this._handlers ?? [])
            this._machine.disconnect(handler);
        this._machine = machine;
        this._agentWasAsked = false;
        this._handlers = machine === null ? [] : [
            machine.connect('power-down', () => this._askAgent()),
            machine.connect('shutdown-step', (_machine, step) => this._onStep(step)),
        ];
        if (machine !== null)
            this._last = Qmp.ShutdownStep.NONE;
    }

    // Gives false if the guest did not heed it in time.
    async ask() {
        this._agentWasAsked = false;
        return await this._run(GENTLY);
    }

    async force() {
        return await this._run(BY_FORCE);
    }

    // What was asked for cannot be taken back; nobody waits for it any longer.
    stopWaiting() {
        this._cancel();
    }

    describeEnd() {
        switch (this._last) {
        case Qmp.ShutdownStep.POWER_DOWN: return 'The guest has powered itself off.';
        case Qmp.ShutdownStep.QUIT: return 'It was powered off by force.';
        default: return 'QEMU has ended.';
        }
    }

    async _run(options) {
        this._cancel();
        const cancellable = this._running = new Gio.Cancellable();
        try {
            await this._machine.shut_down_async(options, cancellable);
            return true;
        } catch (error) {
            if (error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.TIMED_OUT))
                return false;
            if (error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED))
                return true;
            throw error;
        } finally {
            if (this._running === cancellable)
                this._cancel();
        }
    }

    _cancel() {
        this._running?.cancel();
        this._running = null;
        this.step = '';
    }

    // The first time only: where the agent has not helped, the button may.
    _askAgent() {
        const {guest} = this._monitored;
        const ask = guest.state === 'answering' && !this._agentWasAsked;
        if (ask)
            guest.powerOff().catch(error => this._monitored.report(error));
        this._agentWasAsked = true;
        this.step = ask ? 'Asking the guest to power off, by its agent…' : 'Asking the guest to power off, by its power button…';
        return ask;
    }

    _onStep(step) {
        this._last = step;
        if (step === Qmp.ShutdownStep.QUIT)
            this.step = 'Telling QEMU to quit…';
    }
});
