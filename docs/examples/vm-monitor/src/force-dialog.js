// SPDX-License-Identifier: LGPL-2.1-or-later
import Adw from 'gi://Adw?version=1';

// Whether the user wants a machine to be powered off as if by pulling its plug.
export function askToForce(parent, {name}) {
    const dialog = new Adw.MessageDialog({
        transient_for: parent,
        modal: true,
        heading: `Force “${name}” Off?`,
        body: 'What the guest has not saved is lost, and its file systems may be damaged.',
        default_response: 'cancel',
        close_response: 'cancel',
    });
    dialog.add_response('cancel', '_Keep It Running');
    dialog.add_response('force', '_Force Off');
    dialog.set_response_appearance('force', Adw.ResponseAppearance.DESTRUCTIVE);
    dialog.present();
    return new Promise(resolve => dialog.connect('response', (_dialog, response) => resolve(response === 'force')));
}
