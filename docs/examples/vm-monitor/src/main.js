// SPDX-License-Identifier: LGPL-2.1-or-later
// usage: gjs -m main.js [MONITOR[,agent=AGENT]...]
//
// Watches machines, each by the socket of its monitor and, if there is one, by
// that of its guest agent.
import {exit, programArgs, programInvocationName} from 'system';

import {Application} from './application.js';

exit(new Application().run([programInvocationName, ...programArgs]));
