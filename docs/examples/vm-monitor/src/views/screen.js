// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';
import Gdk from 'gi://Gdk?version=4.0';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';

import {pause} from '../later.js';
import {template} from '../template.js';
import {clean} from '../text.js';

const PAUSE_MS = 1000;

// Decoding holds the window up, and the size is the guest's choice.
const MOST_PIXELS = 4096 * 2160;

// The screen, as long as somebody looks at it. A picture is asked for when the
// one before has come, and never two at a time.
export const ScreenView = GObject.registerClass({
    GTypeName: 'ScreenView',
    Template: template(import.meta.url, 'screen.ui'),
    InternalChildren: ['stack', 'status', 'picture', 'size'],
}, class ScreenView extends Adw.Bin {
    constructor(properties = {}) {
        super(properties);
        this._monitored = null;
        this._isLooping = false;
        this.connect('map', () => this._loop().catch(logError));
    }

    show(monitored) {
        this._monitored = monitored;
        this._picture.paintable = null;
        this._stack.visible_child_name = 'none';
        this._status.description = '';
        this._loop().catch(logError);
    }

    async _loop() {
        if (this._isLooping)
            return;
        this._isLooping = true;
        while (this.get_mapped() && this._monitored?.phase === 'connected') {
            await this._look(this._monitored);
            await pause(PAUSE_MS);
        }
        this._isLooping = false;
    }

    async _look(monitored) {
        try {
            const screenshot = await monitored.takeScreenshot();
            if (monitored === this._monitored)
                this._draw(screenshot);
        } catch (error) {
            if (!(error instanceof GLib.Error))
                throw error;
            this._status.description = GLib.markup_escape_text(clean(error.message), -1);
            this._stack.visible_child_name = 'none';
        }
    }

    _draw(screenshot) {
        const width = screenshot.get_width(), height = screenshot.get_height();
        this._size.label = `${width} × ${height}`;
        if (width * height <= MOST_PIXELS)
            this._picture.paintable = Gdk.Texture.new_from_bytes(screenshot.get_bytes());
        this._stack.visible_child_name = 'picture';
    }
});
