/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-private.h"

/**
 * QmpServer:
 *
 * The far end: what a client of QMP talks to in place of QEMU.
 *
 * It greets its clients, negotiates with them, takes their commands, and tells
 * them of events. It keeps QEMU's rules: in-band commands of one client run one
 * after the other, ids come back as they were sent, and what is no command is
 * refused in QEMU's words. What a command does is up to the program:
 *
 * - [method@Qmp.Server.set_result_json] and its like answer it out of a table;
 * - a handler of [signal@Qmp.Server::command] answers it itself, at once or
 *   later.
 *
 * So programs that use QEMU are tested without one, talks are replayed, and one
 * monitor serves many.
 *
 * ```c
 * g_autoptr (QmpServer) server = qmp_server_new_threaded ();
 * g_autoptr (GIOStream) stream = NULL;
 * g_autoptr (QmpConnection) client = NULL;
 *
 * qmp_server_set_result_json (server, "query-status", "{\"running\": true, \"status\": \"running\"}", NULL);
 * stream = qmp_server_open_stream (server, &error);
 * client = qmp_connection_open_stream (stream, NULL, NULL, &error);
 * ```
 *
 * ## Threads
 *
 * A server lives in the thread-default main context it was made in: while that
 * runs, clients are served, and there its signals are emitted. A client that blocks
 * in the same thread would wait for ever; for such there is
 * [ctor@Qmp.Server.new_threaded], whose server has a thread of its own. Methods may
 * be called in any thread.
 *
 * ## Hostile clients
 *
 * What one client can make the server keep is limited: a message by
 * [property@Qmp.Server:limits], what waits to be answered by little more than one
 * such message, what it does not read by [property@Qmp.Server:unread-size]; and how
 * many clients there are by [property@Qmp.Server:max-clients].
 *
 * Dropping the last reference closes the server.
 *
 * Since: 0.1
 */
struct _QmpServer
{
  GObject parent_instance;
  QmpServerCore *core;
  gboolean threaded;
};

G_DEFINE_FINAL_TYPE (QmpServer, qmp_server, G_TYPE_OBJECT)

enum
{
  PROP_VERSION = 1,
  PROP_OUT_OF_BAND,
  PROP_LIMITS,
  PROP_MAX_CLIENTS,
  PROP_OVERLAP,
  PROP_UNREAD_SIZE,
  PROP_THREADED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* --- life ----------------------------------------------------------------------------------------- */

QmpServerCore *
qmp_server_get_core (QmpServer *self)
{
  return self->core;
}

static void
qmp_server_constructed (GObject *object)
{
  QmpServer *self = QMP_SERVER (object);
  QmpServerCore *core = self->core;

  g_weak_ref_set (&core->server, self);
  if (self->threaded)
    {
      g_main_context_unref (core->context);
      core->context = g_main_context_new ();
      qmp_server_core_begin_thread (core);
    }
  G_OBJECT_CLASS (qmp_server_parent_class)->constructed (object);
}

static void
qmp_server_dispose (GObject *object)
{
  qmp_server_core_abandon (QMP_SERVER (object)->core);
  G_OBJECT_CLASS (qmp_server_parent_class)->dispose (object);
}

static void
qmp_server_finalize (GObject *object)
{
  qmp_server_core_unref (QMP_SERVER (object)->core);
  G_OBJECT_CLASS (qmp_server_parent_class)->finalize (object);
}

static void
qmp_server_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpServer *self = QMP_SERVER (object);

  switch (id)
    {
    case PROP_VERSION:
      g_value_set_object (value, qmp_server_get_version (self));
      break;
    case PROP_OUT_OF_BAND:
      g_value_set_boolean (value, qmp_server_get_out_of_band (self));
      break;
    case PROP_LIMITS:
      g_value_set_object (value, qmp_server_get_limits (self));
      break;
    case PROP_MAX_CLIENTS:
      g_value_set_uint (value, qmp_server_get_max_clients (self));
      break;
    case PROP_OVERLAP:
      g_value_set_uint (value, qmp_server_get_overlap (self));
      break;
    case PROP_UNREAD_SIZE:
      g_value_set_uint64 (value, qmp_server_get_unread_size (self));
      break;
    case PROP_THREADED:
      g_value_set_boolean (value, self->threaded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_server_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QmpServer *self = QMP_SERVER (object);

  switch (id)
    {
    case PROP_VERSION:
      qmp_server_set_version (self, g_value_get_object (value));
      break;
    case PROP_OUT_OF_BAND:
      qmp_server_set_out_of_band (self, g_value_get_boolean (value));
      break;
    case PROP_LIMITS:
      qmp_server_set_limits (self, g_value_get_object (value));
      break;
    case PROP_MAX_CLIENTS:
      qmp_server_set_max_clients (self, g_value_get_uint (value));
      break;
    case PROP_OVERLAP:
      qmp_server_set_overlap (self, g_value_get_uint (value));
      break;
    case PROP_UNREAD_SIZE:
      qmp_server_set_unread_size (self, g_value_get_uint64 (value));
      break;
    case PROP_THREADED:
      self->threaded = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * QmpServer:version: (getter get_version) (setter set_version)
   *
   * What it tells in its greeting, and to `query-version`: 10.0.0 by default.
   *
   * Since: 0.1
   */
  properties[PROP_VERSION] = g_param_spec_object ("version", NULL, NULL, QMP_TYPE_VERSION, flags);
  /**
   * QmpServer:out-of-band: (getter get_out_of_band) (setter set_out_of_band)
   *
   * Whether it offers out-of-band commands in its greeting, as QEMU does.
   *
   * Since: 0.1
   */
  properties[PROP_OUT_OF_BAND] = g_param_spec_boolean ("out-of-band", NULL, NULL, TRUE, flags);
  /**
   * QmpServer:limits: (getter get_limits) (setter set_limits)
   *
   * How large a client's message may be. It counts for those who come from now on.
   * [property@Qmp.Limits:pending-calls] limits the out-of-band commands of a client
   * that are not answered yet; what there is about events does not matter.
   *
   * Since: 0.1
   */
  properties[PROP_LIMITS] = g_param_spec_object ("limits", NULL, NULL, QMP_TYPE_LIMITS, flags);
  /**
   * QmpServer:max-clients: (getter get_max_clients) (setter set_max_clients)
   *
   * How many clients it serves at once; QEMU serves one. Who dials when there are so
   * many is greeted when one has gone.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_CLIENTS] = g_param_spec_uint ("max-clients", NULL, NULL, 1, QMP_SERVER_MOST_CLIENTS, 64, flags);
  /**
   * QmpServer:overlap: (getter get_overlap) (setter set_overlap)
   *
   * How many in-band commands of one client may be handed out at once. With more than
   * 1, it is up to the program that their answers come in order: as they do when all
   * are passed on to one QEMU.
   *
   * Since: 0.1
   */
  properties[PROP_OVERLAP] = g_param_spec_uint ("overlap", NULL, NULL, 1, QMP_SERVER_MOST_OVERLAP, 1, flags);
  /**
   * QmpServer:unread-size: (getter get_unread_size) (setter set_unread_size)
   *
   * How many bytes wait for a client that does not read them. One more, and it is
   * sent away; a single message may always be as large as it is.
   *
   * Since: 0.1
   */
  properties[PROP_UNREAD_SIZE] = g_param_spec_uint64 ("unread-size", NULL, NULL, QMP_SERVER_LEAST_UNREAD, WIRE_MAX_BYTES,
                                                      16 * 1024 * 1024, flags);
  /**
   * QmpServer:own-thread:
   *
   * Whether it has a thread of its own.
   *
   * Since: 0.1
   */
  properties[PROP_THREADED] = g_param_spec_boolean ("own-thread", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_server_class_init (QmpServerClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->constructed = qmp_server_constructed;
  object_class->dispose = qmp_server_dispose;
  object_class->finalize = qmp_server_finalize;
  object_class->get_property = qmp_server_get_property;
  object_class->set_property = qmp_server_set_property;
  install_properties (object_class);
  qmp_server_install_signals (G_TYPE_FROM_CLASS (class));
}

static void
qmp_server_init (QmpServer *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  self->core = qmp_server_core_new (context);
  self->core->version = qmp_version_new (10, 0, 0, NULL);
  self->core->limits = qmp_limits_new ();
  self->core->offers_out_of_band = TRUE;
  self->core->max_clients = 64;
  self->core->overlap = 1;
  self->core->unread_size = 16 * 1024 * 1024;
}

/**
 * qmp_server_new:
 *
 * Makes a server that has no clients yet. It lives in the thread-default main
 * context, which has to run for it.
 *
 * Returns: (transfer full): a server
 *
 * Since: 0.1
 */
QmpServer *
qmp_server_new (void)
{
  return g_object_new (QMP_TYPE_SERVER, NULL);
}

/**
 * qmp_server_new_threaded:
 *
 * Makes a server with a thread of its own, for clients that block. Its handlers are
 * called in that thread; languages that cannot have that, such as JavaScript, answer
 * out of the table.
 *
 * Returns: (transfer full): a server
 *
 * Since: 0.1
 */
QmpServer *
qmp_server_new_threaded (void)
{
  return g_object_new (QMP_TYPE_SERVER, "own-thread", TRUE, NULL);
}
