// SPDX-License-Identifier: LGPL-2.1-or-later
import GObject from 'gi://GObject';
import Gtk from 'gi://Gtk?version=4.0';
import Qmp from 'gi://Qmp?version=1.0';

import {describe, template} from '../template.js';
import {clean, formatSize, nameJobStatus} from '../text.js';

const {CONCLUDED, PAUSED, STANDBY} = Qmp.JobStatus;

// A job with its progress, in a list: it shows one after the other.
export const JobRow = GObject.registerClass({
    GTypeName: 'JobRow',
    Template: template(import.meta.url, 'job-row.ui'),
    InternalChildren: ['title', 'status', 'progress', 'error', 'pause', 'end'],
    Signals: {'failed': {param_types: [GObject.TYPE_JSOBJECT]}},
}, class JobRow extends Gtk.Box {
    constructor(properties = {}) {
        super(properties);
        this._pause.connect('clicked', () => this._run(this._isPaused() ? 'resume_async' : 'pause_async'));
        this._end.connect('clicked', () => {
            if (this._job.status === CONCLUDED)
                this._run('dismiss_async');
            else
                this._run('cancel_async', false);
        });
    }

    bind(job) {
        this._job = job;
        this._handler = job.connect('notify', () => this._update());
        this._update();
    }

    unbind() {
        this._job.disconnect(this._handler);
    }

    _isPaused() {
        return this._job.status === PAUSED || this._job.status === STANDBY;
    }

    _update() {
        const {id, status, fraction, speed, error} = this._job;
        // QEMU's first word of a job has no type
        this._title.label = clean([id, this._job.get_job_type_text()].filter(Boolean).join(' · '));
        const ended = status === CONCLUDED;
        const parts = [nameJobStatus(status)];
        // what is done is not always known, nor how fast
        if (fraction >= 0)
            parts.push(`${Math.floor(100 * fraction)} %`);
        if (speed > 0 && !ended)
            parts.push(`${formatSize(speed)}/s`);
        this._status.label = parts.join(' · ');
        this._progress.fraction = Math.max(fraction, 0);
        this._error.label = clean(error);
        this._error.visible = Boolean(error);
        this._pause.visible = !ended;
        if (this._isPaused())
            describe(this._pause, 'media-playback-start-symbolic', 'Resume');
        else
            describe(this._pause, 'media-playback-pause-symbolic', 'Pause');
        describe(this._end, 'window-close-symbolic', ended ? 'Dismiss' : 'Cancel');
    }

    _run(method, ...args) {
        this._job[method](...args).catch(error => this.emit('failed', error));
    }
});
