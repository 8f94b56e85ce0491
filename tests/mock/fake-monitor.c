/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/fake-monitor.h"

struct _FakeMonitor
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE (FakeMonitor, fake_monitor, G_TYPE_OBJECT)

static void
fake_monitor_class_init (FakeMonitorClass *class)
{
  g_signal_new ("event", FAKE_TYPE_MONITOR, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
}

static void
fake_monitor_init (FakeMonitor *self)
{
}

FakeMonitor *
fake_monitor_new (void)
{
  return g_object_new (FAKE_TYPE_MONITOR, NULL);
}

void
fake_monitor_say_text (FakeMonitor *self, const char *event, const char *text)
{
  g_autofree char *signal = g_strconcat ("event::", event, NULL);

  g_signal_emit_by_name (self, signal, text);
}

void
fake_monitor_say (FakeMonitor *self, const char *event, const char *data)
{
  g_autofree char *text = g_strdup_printf ("{\"timestamp\": {\"seconds\": 1, \"microseconds\": 2}, \"event\": \"%s\"%s%s}",
                                           event, data != NULL ? ", \"data\": " : "", data != NULL ? data : "");

  fake_monitor_say_text (self, event, text);
}

void
fake_monitor_say_port (FakeMonitor *self, const char *port, gboolean open)
{
  g_autofree char *data = g_strdup_printf ("{\"id\": \"%s\", \"open\": %s}", port, open ? "true" : "false");

  fake_monitor_say (self, "VSERPORT_CHANGE", data);
}
