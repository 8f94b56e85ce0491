/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-open-options-private.h"

#define DEFAULT_TIMEOUT_MS 30000
#define DEFAULT_GRACE_MS 3000

/**
 * QgaOpenOptions:
 *
 * How to open a [class@Qga.Connection]: all of it has a default, and most
 * programs pass %NULL instead.
 *
 * ```js
 * const options = new Qga.OpenOptions({timeout: 120000, grace: 1000});
 * ```
 *
 * There is no way to accept a certificate that does not verify: give the
 * authority that signed it with [property@Qga.OpenOptions:tls-database].
 *
 * Since: 0.1
 */
struct _QgaOpenOptions
{
  GObject parent_instance;
  int timeout;
  int default_timeout;
  int grace;
  gboolean retry;
  QgaLimits *limits;
  GTlsDatabase *tls_database;
  GTlsCertificate *tls_certificate;
  GSocketConnectable *server_identity;
};

G_DEFINE_FINAL_TYPE (QgaOpenOptions, qga_open_options, G_TYPE_OBJECT)

enum
{
  PROP_TIMEOUT = 1,
  PROP_DEFAULT_TIMEOUT,
  PROP_GRACE,
  PROP_RETRY,
  PROP_LIMITS,
  PROP_TLS_DATABASE,
  PROP_TLS_CERTIFICATE,
  PROP_SERVER_IDENTITY,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
qga_open_options_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QgaOpenOptions *self = QGA_OPEN_OPTIONS (object);

  switch (id)
    {
    case PROP_TIMEOUT:
      g_value_set_int (value, self->timeout);
      break;
    case PROP_DEFAULT_TIMEOUT:
      g_value_set_int (value, self->default_timeout);
      break;
    case PROP_GRACE:
      g_value_set_int (value, self->grace);
      break;
    case PROP_RETRY:
      g_value_set_boolean (value, self->retry);
      break;
    case PROP_LIMITS:
      g_value_set_object (value, self->limits);
      break;
    case PROP_TLS_DATABASE:
      g_value_set_object (value, self->tls_database);
      break;
    case PROP_TLS_CERTIFICATE:
      g_value_set_object (value, self->tls_certificate);
      break;
    case PROP_SERVER_IDENTITY:
      g_value_set_object (value, self->server_identity);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qga_open_options_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QgaOpenOptions *self = QGA_OPEN_OPTIONS (object);

  switch (id)
    {
    case PROP_TIMEOUT:
      qga_open_options_set_timeout (self, g_value_get_int (value));
      break;
    case PROP_DEFAULT_TIMEOUT:
      qga_open_options_set_default_timeout (self, g_value_get_int (value));
      break;
    case PROP_GRACE:
      qga_open_options_set_grace (self, g_value_get_int (value));
      break;
    case PROP_RETRY:
      qga_open_options_set_retry (self, g_value_get_boolean (value));
      break;
    case PROP_LIMITS:
      qga_open_options_set_limits (self, g_value_get_object (value));
      break;
    case PROP_TLS_DATABASE:
      qga_open_options_set_tls_database (self, g_value_get_object (value));
      break;
    case PROP_TLS_CERTIFICATE:
      qga_open_options_set_tls_certificate (self, g_value_get_object (value));
      break;
    case PROP_SERVER_IDENTITY:
      qga_open_options_set_server_identity (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qga_open_options_dispose (GObject *object)
{
  QgaOpenOptions *self = QGA_OPEN_OPTIONS (object);

  g_clear_object (&self->limits);
  g_clear_object (&self->tls_database);
  g_clear_object (&self->tls_certificate);
  g_clear_object (&self->server_identity);
  G_OBJECT_CLASS (qga_open_options_parent_class)->dispose (object);
}

static void
qga_open_options_class_init (QgaOpenOptionsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qga_open_options_get_property;
  object_class->set_property = qga_open_options_set_property;
  object_class->dispose = qga_open_options_dispose;

  /**
   * QgaOpenOptions:timeout: (getter get_timeout) (setter set_timeout)
   *
   * How long opening may take in all: connecting, retries, TLS, and waiting
   * until the guest agent has answered. A guest that still boots has no agent
   * yet: give it the time it needs. Milliseconds; -1 is 30 seconds, %G_MAXINT
   * is for ever.
   *
   * Since: 0.1
   */
  properties[PROP_TIMEOUT] = g_param_spec_int ("timeout", NULL, NULL, -1, G_MAXINT, -1, flags);

  /**
   * QgaOpenOptions:default-timeout: (getter get_default_timeout) (setter set_default_timeout)
   *
   * How long a call may take unless it says otherwise: what
   * [property@Qga.Connection:default-timeout] begins with. Milliseconds; -1 is 30
   * seconds, %G_MAXINT is for ever.
   *
   * With -1, commands that take long by nature have longer ones of their own:
   * `guest-fsfreeze-freeze`, `guest-fsfreeze-freeze-list`,
   * `guest-fsfreeze-thaw`, `guest-set-memory-blocks` and `guest-set-vcpus` 120
   * seconds, and `guest-fstrim` 600 seconds.
   *
   * Since: 0.1
   */
  properties[PROP_DEFAULT_TIMEOUT] = g_param_spec_int ("default-timeout", NULL, NULL, -1, G_MAXINT, -1, flags);

  /**
   * QgaOpenOptions:grace: (getter get_grace) (setter set_grace)
   *
   * How long to wait for an objection after a command that the guest agent
   * does not answer when it succeeds, such as `guest-shutdown`: once it is over
   * the command counts as done. Milliseconds; at least 1.
   *
   * Since: 0.1
   */
  properties[PROP_GRACE] = g_param_spec_int ("grace", NULL, NULL, 1, G_MAXINT, DEFAULT_GRACE_MS, flags);

  /**
   * QgaOpenOptions:retry: (getter get_retry) (setter set_retry)
   *
   * Whether to try again, until the time is up, while no socket is there yet
   * or nobody listens. Once connected, an agent that does not answer yet is
   * waited for in any case.
   *
   * Since: 0.1
   */
  properties[PROP_RETRY] = g_param_spec_boolean ("retry", NULL, NULL, TRUE, flags);

  /**
   * QgaOpenOptions:limits: (getter get_limits) (setter set_limits)
   *
   * The limits of the connection; %NULL for the defaults.
   *
   * Since: 0.1
   */
  properties[PROP_LIMITS] = g_param_spec_object ("limits", NULL, NULL, QGA_TYPE_LIMITS, flags);

  /**
   * QgaOpenOptions:tls-database: (getter get_tls_database) (setter set_tls_database)
   *
   * The certificate authorities that may have signed the certificate of a `tls:`
   * peer; %NULL for those of the system. For a private authority, a database
   * with nothing else in it.
   *
   * Since: 0.1
   */
  properties[PROP_TLS_DATABASE] = g_param_spec_object ("tls-database", NULL, NULL, G_TYPE_TLS_DATABASE, flags);

  /**
   * QgaOpenOptions:tls-certificate: (getter get_tls_certificate) (setter set_tls_certificate)
   *
   * The certificate to show to a `tls:` peer that asks for one, with its key.
   *
   * Since: 0.1
   */
  properties[PROP_TLS_CERTIFICATE] = g_param_spec_object ("tls-certificate", NULL, NULL, G_TYPE_TLS_CERTIFICATE, flags);

  /**
   * QgaOpenOptions:server-identity: (getter get_server_identity) (setter set_server_identity)
   *
   * Whom the certificate of a `tls:` peer must name; %NULL for the host in the
   * address.
   *
   * Since: 0.1
   */
  properties[PROP_SERVER_IDENTITY] = g_param_spec_object ("server-identity", NULL, NULL, G_TYPE_SOCKET_CONNECTABLE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qga_open_options_init (QgaOpenOptions *self)
{
  self->timeout = -1;
  self->default_timeout = -1;
  self->grace = DEFAULT_GRACE_MS;
  self->retry = TRUE;
}

/**
 * qga_open_options_new:
 *
 * Makes options with all defaults.
 *
 * Returns: (transfer full): the object
 *
 * Since: 0.1
 */
QgaOpenOptions *
qga_open_options_new (void)
{
  return g_object_new (QGA_TYPE_OPEN_OPTIONS, NULL);
}

/**
 * qga_open_options_get_timeout: (get-property timeout)
 * @self: the object
 *
 * Gets how long opening may take.
 *
 * Returns: milliseconds; -1 for the default, %G_MAXINT for none
 *
 * Since: 0.1
 */
int
qga_open_options_get_timeout (QgaOpenOptions *self)
{
  g_return_val_if_fail (QGA_IS_OPEN_OPTIONS (self), -1);
  return self->timeout;
}

/**
 * qga_open_options_set_timeout: (set-property timeout)
 * @self: the object
 * @milliseconds: milliseconds; -1 for the default, %G_MAXINT for none
 *
 * Sets how long opening may take.
 *
 * Since: 0.1
 */
void
qga_open_options_set_timeout (QgaOpenOptions *self, int milliseconds)
{
  g_return_if_fail (QGA_IS_OPEN_OPTIONS (self));
  g_return_if_fail (milliseconds >= -1);
  if (self->timeout == milliseconds)
    return;
  self->timeout = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIMEOUT]);
}

/**
 * qga_open_options_get_default_timeout: (get-property default-timeout)
 * @self: the object
 *
 * Gets how long a call may take.
 *
 * Returns: milliseconds; -1 for the default, %G_MAXINT for none
 *
 * Since: 0.1
 */
int
qga_open_options_get_default_timeout (QgaOpenOptions *self)
{
  g_return_val_if_fail (QGA_IS_OPEN_OPTIONS (self), -1);
  return self->default_timeout;
}

/**
 * qga_open_options_set_default_timeout: (set-property default-timeout)
 * @self: the object
 * @milliseconds: milliseconds; -1 for the default, %G_MAXINT for none
 *
 * Sets how long a call may take.
 *
 * Since: 0.1
 */
void
qga_open_options_set_default_timeout (QgaOpenOptions *self, int milliseconds)
{
  g_return_if_fail (QGA_IS_OPEN_OPTIONS (self));
  g_return_if_fail (milliseconds >= -1);
  if (self->default_timeout == milliseconds)
    return;
  self->default_timeout = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEFAULT_TIMEOUT]);
}

/**
 * qga_open_options_get_grace: (get-property grace)
 * @self: the object
 *
 * Gets how long to wait for an objection.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
int
qga_open_options_get_grace (QgaOpenOptions *self)
{
  g_return_val_if_fail (QGA_IS_OPEN_OPTIONS (self), DEFAULT_GRACE_MS);
  return self->grace;
}

/**
 * qga_open_options_set_grace: (set-property grace)
 * @self: the object
 * @milliseconds: milliseconds; at least 1
 *
 * Sets how long to wait for an objection.
 *
 * Since: 0.1
 */
void
qga_open_options_set_grace (QgaOpenOptions *self, int milliseconds)
{
  g_return_if_fail (QGA_IS_OPEN_OPTIONS (self));
  g_return_if_fail (milliseconds >= 1);
  if (self->grace == milliseconds)
    return;
  self->grace = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GRACE]);
}

/**
 * qga_open_options_get_retry: (get-property retry)
 * @self: the object
 *
 * Gets whether to try again.
 *
 * Returns: whether to try again
 *
 * Since: 0.1
 */
gboolean
qga_open_options_get_retry (QgaOpenOptions *self)
{
  g_return_val_if_fail (QGA_IS_OPEN_OPTIONS (self), FALSE);
  return self->retry;
}

/**
 * qga_open_options_set_retry: (set-property retry)
 * @self: the object
 * @retry: whether to try again
 *
 * Sets whether to try again.
 *
 * Since: 0.1
 */
void
qga_open_options_set_retry (QgaOpenOptions *self, gboolean retry)
{
  g_return_if_fail (QGA_IS_OPEN_OPTIONS (self));
  retry = !!retry;
  if (self->retry == retry)
    return;
  self->retry = retry;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RETRY]);
}

/**
 * qga_open_options_get_limits: (get-property limits)
 * @self: the object
 *
 * Gets the limits.
 *
 * Returns: (transfer none) (nullable): limits, or %NULL for the defaults
 *
 * Since: 0.1
 */
QgaLimits *
qga_open_options_get_limits (QgaOpenOptions *self)
{
  g_return_val_if_fail (QGA_IS_OPEN_OPTIONS (self), NULL);
  return self->limits;
}

/**
 * qga_open_options_set_limits: (set-property limits)
 * @self: the object
 * @limits: (nullable): limits, or %NULL for the defaults
 *
 * Sets the limits.
 *
 * Since: 0.1
 */
void
qga_open_options_set_limits (QgaOpenOptions *self, QgaLimits *limits)
{
  g_return_if_fail (QGA_IS_OPEN_OPTIONS (self));
  if (g_set_object (&self->limits, limits))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIMITS]);
}

/**
 * qga_open_options_get_tls_database: (get-property tls-database)
 * @self: the object
 *
 * Gets the authorities to trust.
 *
 * Returns: (transfer none) (nullable): a database, or %NULL for the system's
 *
 * Since: 0.1
 */
GTlsDatabase *
qga_open_options_get_tls_database (QgaOpenOptions *self)
{
  g_return_val_if_fail (QGA_IS_OPEN_OPTIONS (self), NULL);
  return self->tls_database;
}

/**
 * qga_open_options_set_tls_database: (set-property tls-database)
 * @self: the object
 * @database: (nullable): a database, or %NULL for the system's
 *
 * Sets the authorities to trust.
 *
 * Since: 0.1
 */
void
qga_open_options_set_tls_database (QgaOpenOptions *self, GTlsDatabase *database)
{
  g_return_if_fail (QGA_IS_OPEN_OPTIONS (self));
  if (g_set_object (&self->tls_database, database))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TLS_DATABASE]);
}

/**
 * qga_open_options_get_tls_certificate: (get-property tls-certificate)
 * @self: the object
 *
 * Gets our own certificate.
 *
 * Returns: (transfer none) (nullable): a certificate, or %NULL for none
 *
 * Since: 0.1
 */
GTlsCertificate *
qga_open_options_get_tls_certificate (QgaOpenOptions *self)
{
  g_return_val_if_fail (QGA_IS_OPEN_OPTIONS (self), NULL);
  return self->tls_certificate;
}

/**
 * qga_open_options_set_tls_certificate: (set-property tls-certificate)
 * @self: the object
 * @certificate: (nullable): a certificate, or %NULL for none
 *
 * Sets our own certificate.
 *
 * Since: 0.1
 */
void
qga_open_options_set_tls_certificate (QgaOpenOptions *self, GTlsCertificate *certificate)
{
  g_return_if_fail (QGA_IS_OPEN_OPTIONS (self));
  if (g_set_object (&self->tls_certificate, certificate))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TLS_CERTIFICATE]);
}

/**
 * qga_open_options_get_server_identity: (get-property server-identity)
 * @self: the object
 *
 * Gets who the peer must be.
 *
 * Returns: (transfer none) (nullable): an identity, or %NULL for the address's host
 *
 * Since: 0.1
 */
GSocketConnectable *
qga_open_options_get_server_identity (QgaOpenOptions *self)
{
  g_return_val_if_fail (QGA_IS_OPEN_OPTIONS (self), NULL);
  return self->server_identity;
}

/**
 * qga_open_options_set_server_identity: (set-property server-identity)
 * @self: the object
 * @identity: (nullable): an identity, or %NULL for the address's host
 *
 * Sets who the peer must be.
 *
 * Since: 0.1
 */
void
qga_open_options_set_server_identity (QgaOpenOptions *self, GSocketConnectable *identity)
{
  g_return_if_fail (QGA_IS_OPEN_OPTIONS (self));
  if (g_set_object (&self->server_identity, identity))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERVER_IDENTITY]);
}

/* The time by which an opening that begins now must be done, by the monotonic
 * clock; the defaults for NULL. */
gint64
qga_open_options_begin (QgaOpenOptions *self)
{
  int timeout = self != NULL ? self->timeout : -1;

  if (timeout == G_MAXINT)
    return G_MAXINT64;
  return g_get_monotonic_time () + (gint64) (timeout < 0 ? DEFAULT_TIMEOUT_MS : timeout) * 1000;
}
