// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Texts for people. What QEMU or a guest says is theirs: it goes through clean (),
// and never into markup.
import GLib from 'gi://GLib';
import Qmp from 'gi://Qmp?version=1.0';

// Control characters, those that turn the direction of a text, and new lines.
const UNFIT = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu;
const LONGEST = 200;

const RUN_STATES = {
    DEBUG: 'Held by a debugger',
    INMIGRATE: 'Arriving',
    INTERNAL_ERROR: 'Internal error',
    IO_ERROR: 'Input or output failed',
    PAUSED: 'Paused',
    POSTMIGRATE: 'Moved elsewhere',
    PRELAUNCH: 'Not started',
    FINISH_MIGRATE: 'Leaving',
    RESTORE_VM: 'Loading a snapshot',
    RUNNING: 'Running',
    SAVE_VM: 'Saving a snapshot',
    SHUTDOWN: 'Powered off',
    SUSPENDED: 'Asleep',
    WATCHDOG: 'Stopped by its watchdog',
    GUEST_PANICKED: 'Crashed',
    COLO: 'Replicating',
};

const JOB_STATUSES = {
    CREATED: 'Created',
    RUNNING: 'Running',
    PAUSED: 'Paused',
    READY: 'Ready',
    STANDBY: 'Ready, paused',
    WAITING: 'Waiting for others',
    PENDING: 'Waiting to be finalized',
    ABORTING: 'Stopping',
    CONCLUDED: 'Ended',
    NULL: 'Gone',
};

// Where an enumeration of QEMU's grows, a word is missing here.
function nameOf(names, type, value) {
    const found = Object.entries(names).find(([name]) => type[name] === value);
    return found ? found[1] : 'Unknown';
}

export function nameRunState(state) {
    return nameOf(RUN_STATES, Qmp.RunState, state);
}

export function nameJobStatus(status) {
    return nameOf(JOB_STATUSES, Qmp.JobStatus, status);
}

export function clean(text, longest = LONGEST) {
    // nobody waits for a megabyte to be looked through
    const fit = (text ?? '').slice(0, 4 * longest).replace(UNFIT, ' ').trim();
    const letters = Array.from(fit);
    return letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : fit;
}

// A BigInt may come from QEMU as well.
export function formatSize(bytes) {
    return GLib.format_size_full(Number(bytes), GLib.FormatSizeFlags.IEC_UNITS);
}

export function formatTime(microseconds) {
    const time = GLib.DateTime.new_from_unix_local(Math.floor(microseconds / 1e6));
    const milliseconds = Math.floor(microseconds / 1000) % 1000;
    return `${time.format('%H:%M:%S')}.${String(milliseconds).padStart(3, '0')}`;
}
