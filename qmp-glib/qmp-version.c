/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-version.h"

/**
 * QmpVersion:
 *
 * A version of QEMU: what it told in its greeting, or what a
 * [class@Qmp.Server] tells in its own.
 *
 * Since: 0.1
 */
struct _QmpVersion
{
  GObject parent_instance;
  guint major;
  guint minor;
  guint micro;
  char *package;
};

G_DEFINE_FINAL_TYPE (QmpVersion, qmp_version, G_TYPE_OBJECT)

enum
{
  PROP_MAJOR = 1,
  PROP_MINOR,
  PROP_MICRO,
  PROP_PACKAGE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
qmp_version_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpVersion *self = QMP_VERSION (object);

  switch (id)
    {
    case PROP_MAJOR:
      g_value_set_uint (value, self->major);
      break;
    case PROP_MINOR:
      g_value_set_uint (value, self->minor);
      break;
    case PROP_MICRO:
      g_value_set_uint (value, self->micro);
      break;
    case PROP_PACKAGE:
      g_value_set_string (value, self->package);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_version_finalize (GObject *object)
{
  g_free (QMP_VERSION (object)->package);
  G_OBJECT_CLASS (qmp_version_parent_class)->finalize (object);
}

static void
qmp_version_class_init (QmpVersionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qmp_version_get_property;
  object_class->finalize = qmp_version_finalize;

  /**
   * QmpVersion:major: (getter get_major)
   *
   * The first part: 7 in 7.2.22.
   *
   * Since: 0.1
   */
  properties[PROP_MAJOR] = g_param_spec_uint ("major", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /**
   * QmpVersion:minor: (getter get_minor)
   *
   * The second part: 2 in 7.2.22.
   *
   * Since: 0.1
   */
  properties[PROP_MINOR] = g_param_spec_uint ("minor", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /**
   * QmpVersion:micro: (getter get_micro)
   *
   * The third part: 22 in 7.2.22.
   *
   * Since: 0.1
   */
  properties[PROP_MICRO] = g_param_spec_uint ("micro", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /**
   * QmpVersion:package: (getter get_package)
   *
   * What the packager called it; may be empty.
   *
   * Since: 0.1
   */
  properties[PROP_PACKAGE] = g_param_spec_string ("package", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_version_init (QmpVersion *self)
{
  self->package = g_strdup ("");
}

/**
 * qmp_version_new:
 * @major: the first part
 * @minor: the second part
 * @micro: the third part
 * @package: (nullable): what the packager calls it, or %NULL for nothing
 *
 * Makes a version, for a [class@Qmp.Server] to tell.
 *
 * Returns: (transfer full): the version
 *
 * Since: 0.1
 */
QmpVersion *
qmp_version_new (guint major, guint minor, guint micro, const char *package)
{
  QmpVersion *self = g_object_new (QMP_TYPE_VERSION, NULL);

  self->major = major;
  self->minor = minor;
  self->micro = micro;
  g_free (self->package);
  self->package = g_strdup (package != NULL ? package : "");
  return self;
}

/**
 * qmp_version_get_major: (get-property major)
 * @self: a version
 *
 * Gets the first part: 7 in 7.2.22.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
qmp_version_get_major (QmpVersion *self)
{
  g_return_val_if_fail (QMP_IS_VERSION (self), 0);
  return self->major;
}

/**
 * qmp_version_get_minor: (get-property minor)
 * @self: a version
 *
 * Gets the second part: 2 in 7.2.22.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
qmp_version_get_minor (QmpVersion *self)
{
  g_return_val_if_fail (QMP_IS_VERSION (self), 0);
  return self->minor;
}

/**
 * qmp_version_get_micro: (get-property micro)
 * @self: a version
 *
 * Gets the third part: 22 in 7.2.22. From 50 on it is a version in the making.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
qmp_version_get_micro (QmpVersion *self)
{
  g_return_val_if_fail (QMP_IS_VERSION (self), 0);
  return self->micro;
}

/**
 * qmp_version_get_package: (get-property package)
 * @self: a version
 *
 * Gets what the packager called it, such as `Debian 1:7.2+dfsg-7`.
 *
 * Returns: (transfer none): the text; may be empty
 *
 * Since: 0.1
 */
const char *
qmp_version_get_package (QmpVersion *self)
{
  g_return_val_if_fail (QMP_IS_VERSION (self), NULL);
  return self->package;
}

/**
 * qmp_version_is_at_least:
 * @self: a version
 * @major: the first part
 * @minor: the second part
 * @micro: the third part
 *
 * Compares. To learn what a QEMU can do, ask `query-qmp-schema` rather:
 * packagers carry features back.
 *
 * Returns: whether @self is this version or a later one
 *
 * Since: 0.1
 */
gboolean
qmp_version_is_at_least (QmpVersion *self, guint major, guint minor, guint micro)
{
  g_return_val_if_fail (QMP_IS_VERSION (self), FALSE);
  if (self->major != major)
    return self->major > major;
  if (self->minor != minor)
    return self->minor > minor;
  return self->micro >= micro;
}

/**
 * qmp_version_to_string:
 * @self: a version
 *
 * Writes the three parts: `7.2.22`.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
qmp_version_to_string (QmpVersion *self)
{
  g_return_val_if_fail (QMP_IS_VERSION (self), NULL);
  return g_strdup_printf ("%u.%u.%u", self->major, self->minor, self->micro);
}
