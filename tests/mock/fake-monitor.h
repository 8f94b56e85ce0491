/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A monitor that says what the test has it say: a detailed signal “event”
 * with a string. */

#define FAKE_TYPE_MONITOR (fake_monitor_get_type ())

G_DECLARE_FINAL_TYPE (FakeMonitor, fake_monitor, FAKE, MONITOR, GObject)

FakeMonitor *fake_monitor_new (void);
void fake_monitor_say (FakeMonitor *self, const char *event, const char *data);
void fake_monitor_say_text (FakeMonitor *self, const char *event, const char *text);
void fake_monitor_say_port (FakeMonitor *self, const char *port, gboolean open);

G_END_DECLS
