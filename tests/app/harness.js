// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the tests of the example app share: the app itself, run in this process;
// what a user sees of it, and does with it; and the programs it watches.
import Gdk from 'gi://Gdk?version=4.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Gtk from 'gi://Gtk?version=4.0';
import {exit, programInvocationName} from 'system';

import {Application} from '../../docs/examples/vm-monitor/src/application.js';
import {Window} from '../../docs/examples/vm-monitor/src/window.js';
import {equal, report} from '../bindings/harness.js';

export {equal, test} from '../bindings/harness.js';

// For what cannot take long, on a machine that has a lot to do.
const LONGEST_MS = 60000;
const LOOK_MS = 20;

export function below(found, limit) {
    if (!(found < limit))
        throw new Error(`expected less than ${limit}, found ${found}`);
}

export function sleep(milliseconds) {
    return new Promise(resolve => GLib.timeout_add(GLib.PRIORITY_DEFAULT, milliseconds, () => {
        resolve();
        return GLib.SOURCE_REMOVE;
    }));
}

// What it comes to, as soon as it comes to that.
export async function until(what, condition) {
    const end = GLib.get_monotonic_time() + LONGEST_MS * 1000;
    for (;;) {
        const value = condition();
        if (value)
            return value;
        if (GLib.get_monotonic_time() > end)
            throw new Error(`it did not come to: ${what}`);
        await sleep(LOOK_MS);
    }
}

function* widgetsOf(widget) {
    if (!widget.get_mapped())
        return;
    yield widget;
    for (let child = widget.get_first_child(); child; child = child.get_next_sibling())
        yield* widgetsOf(child);
}

// Those that can be seen.
export function find(widget, type) {
    return Array.from(widgetsOf(widget)).filter(each => each instanceof type);
}

// The texts that can be seen.
export function read(widget) {
    return find(widget, Gtk.Label).map(label => label.label.replaceAll('\u00a0', ' '));
}

export function sees(widget, text) {
    return until(`“${text}”, in ${read(widget).join(' | ')}`, () => read(widget).some(each => each.includes(text)))
        .catch(() => {
            throw new Error(`“${text}” is not in: ${read(widget).join(' | ')}`);
        });
}

export function press(widget, label) {
    const button = find(widget, Gtk.Button).find(each => each.label === label || each.tooltip_text === label);
    if (!button?.is_sensitive())
        throw new Error(`there is no button “${label}” to press`);
    button.activate();
}

export function windowOf(type) {
    return Array.from(Gtk.Window.get_toplevels()).find(each => each instanceof type && each.get_mapped());
}

export function act(window, action, parameter = null) {
    const found = window.lookup_action(action);
    if (!found.enabled)
        throw new Error(`the action “${action}” is off`);
    found.activate(parameter);
}

// A picture of a window, into the folder that PICTURES names.
export async function picture(window, name) {
    const folder = GLib.getenv('PICTURES');
    // what has just changed is drawn, and what moves has come to rest
    await sleep(600);
    // between a change and its frame there is nothing to be seen
    const node = await until('a frame', () => {
        const snapshot = new Gtk.Snapshot();
        new Gtk.WidgetPaintable({widget: window}).snapshot(snapshot, window.get_width(), window.get_height());
        return snapshot.to_node();
    });
    const texture = window.get_native().get_renderer().render_texture(node, null);
    equal(texture.width > 200 && texture.height > 100, true);
    if (folder)
        texture.save_to_png(`${folder}/${name}.png`);
}

// A program that goes with the test, whatever happens.
export function start(...argv) {
    return Gio.Subprocess.new(['setpriv', '--pdeathsig', 'KILL', ...argv], Gio.SubprocessFlags.STDOUT_SILENCE);
}

export async function end(process) {
    process.force_exit();
    await process.wait_async(null);
}

export function newFolder() {
    return GLib.Dir.make_tmp('app-XXXXXX');
}

export async function removeFolder(path) {
    await Gio.Subprocess.new(['rm', '-rf', path], Gio.SubprocessFlags.NONE).wait_async(null);
}

// A socket has its name before it listens, and a client would be its first.
export function isListening(path) {
    const [, text] = GLib.file_get_contents('/proc/net/unix');
    return new TextDecoder().decode(text).split('\n').some(line =>
        line.endsWith(` ${path}`) && line.split(/\s+/)[3] === '00010000');
}

// One goes on where the other has ended: after a failure there is no more to see.
export function runAll() {
    const application = new Application({flags: Gio.ApplicationFlags.NON_UNIQUE | Gio.ApplicationFlags.HANDLES_COMMAND_LINE});
    let failed = true;
    application.connect_after('activate', () => {
        const window = windowOf(Window);
        if (Gdk.Display.get_default() === null)
            throw new Error('there is no display');
        report(body => body(window), false).then(number => {
            failed = number !== 0;
            application.quit();
        }).catch(logError);
    });
    application.run([programInvocationName]);
    exit(failed ? 1 : 0);
}
