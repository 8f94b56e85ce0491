// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The example app while two QEMUs flood it with events and their agents stall: its
// frames come in time, what it shows is new, and its memory does not grow.
import GLib from 'gi://GLib';
import Gtk from 'gi://Gtk?version=4.0';

import {act, below, equal, find, isListening, newFolder, picture, read, removeFolder, runAll, sees, sleep, start, test, until} from './harness.js';

const SECONDS = Number(GLib.getenv('SECONDS') ?? 60);
const LONGEST_GAP_MS = 100;
const LEAST_EVENTS_PER_SECOND = 5000;
const MOST_GROWTH_KIB = 100 * 1024;

const folder = newFolder();
let peer;

function readMemory() {
    const [, text] = GLib.file_get_contents('/proc/self/status');
    return Number(/VmRSS:\s+(\d+)/.exec(new TextDecoder().decode(text))[1]);
}

// How long this thread waited while other programs had the processor, in milliseconds.
function readWait() {
    const [, text] = GLib.file_get_contents('/proc/thread-self/schedstat');
    return Number(new TextDecoder().decode(text).split(' ')[1]) / 1e6;
}

// The gaps from frame to frame, in milliseconds. On a machine that has other things
// to do as well, `own` is what is left of the longest one without the waiting for
// a processor.
class Frames {
    constructor(window) {
        this.window = window;
        this.gaps = [];
        this.own = 0;
        let last = 0, lastWait = 0;
        // a frame is asked for each time, as by an animation
        this.id = window.add_tick_callback(() => {
            const now = GLib.get_monotonic_time() / 1000, wait = readWait();
            if (last !== 0) {
                this.gaps.push(now - last);
                this.own = Math.max(this.own, now - last - (wait - lastWait));
            }
            [last, lastWait] = [now, wait];
            return GLib.SOURCE_CONTINUE;
        });
    }

    end() {
        this.window.remove_tick_callback(this.id);
        this.gaps.sort((one, other) => other - one);
    }
}

// How many had been told of, by the newest event that is on the screen and says so.
function newestShown(window) {
    return Math.max(0, ...read(window).map(text => Number(/"emitted":\s*(\d+)/.exec(text)?.[1] ?? 0)));
}

test('two that flood, and agents that stall', async window => {
    peer = start(GLib.getenv('PYTHON') ?? 'python3', GLib.getenv('FLOOD_PEER'), folder);
    await until('its sockets', () => isListening(`${folder}/flood.sock`) && isListening(`${folder}/second.agent.sock`));
    const {machines} = window.application;
    for (const name of ['flood', 'second'])
        machines.addMachine(`${folder}/${name}.sock`, `${folder}/${name}.agent.sock`);
    await sees(window, 'Emulation');
    act(window, 'view', new GLib.Variant('s', 'events'));
    await sees(window, ' events');
});

test('smooth meanwhile', async window => {
    const {events} = window.selected;
    // what is made once is made by then
    await until('a full list', () => events.get_n_items() === 500);
    const before = readMemory(), total = events.total;
    const frames = new Frames(window);
    let peak = 0;
    for (let i = 0; i < SECONDS; i++) {
        await sleep(1000);
        peak = Math.max(peak, readMemory());
    }
    frames.end();
    const rate = (events.total - total) / SECONDS;
    const {gaps, own} = frames;
    print(`# ${gaps.length} frames in ${SECONDS} s; the longest gaps: ${gaps.slice(0, 5).map(gap => gap.toFixed(1)).join(', ')} ms`);
    print(`# the longest without waiting for a processor: ${own.toFixed(1)} ms`);
    print(`# ${Math.round(rate)} events/s, ${events.dropped} of ${events.total} not shown`);
    print(`# memory: ${before} KiB before, ${peak} KiB at most`);
    below(own, LONGEST_GAP_MS);
    below(20 * SECONDS, gaps.length);
    below(LEAST_EVENTS_PER_SECOND, rate);
    below(peak - before, MOST_GROWTH_KIB);
    equal(events.get_n_items(), 500);
});

test('what is shown is new', async window => {
    const {total} = window.selected.events;
    const shown = await until('an event after those', () => newestShown(window) > total && newestShown(window));
    print(`# after ${total}, that of ${shown} was shown`);
    // what turns the direction of text has not come this far
    equal(read(window).some(text => text.includes('<b>')), true);
    equal(read(window).some(text => text.includes('\u202e')), false);
    // the first row is the newest one
    const [list] = find(window, Gtk.ListView);
    equal(list.vadjustment.value, 0);
    await picture(window, 'flood');
});

test('no answer is told, while all else goes on', async window => {
    const {machines} = window.application;
    act(window, 'view', new GLib.Variant('s', 'guest'));
    await sees(window, 'No Answer');
    await picture(window, 'silent');
    window.select(machines.get_item(1));
    await sees(window, 'No Answer');
    act(window, 'view', new GLib.Variant('s', 'overview'));
    await sees(window, 'Emulation');
    for (const machine of Array.from(machines))
        machines.removeMachine(machine);
    await sees(window, 'No Machines');
    peer.force_exit();
    await removeFolder(folder);
});

runAll();
