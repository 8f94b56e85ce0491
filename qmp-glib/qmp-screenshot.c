/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-screenshot-private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "qmp-enum-types.h"
#include "qmp-glib.h"

/* What 8,192 by 8,192 pixels need without compression. */
#define MAX_SIZE (192 * 1024 * 1024)

/* What a header needs, at most. */
#define HEADER_SIZE 64

/**
 * QmpScreenshot:
 *
 * What a guest's screen has shown, as [method@Qmp.Connection.take_screenshot_async]
 * found it: a picture file, in memory.
 *
 * Since: 0.1
 */
struct _QmpScreenshot
{
  GObject parent_instance;
  GBytes *bytes;
  QmpImageFormat format;
  guint width;
  guint height;
};

G_DEFINE_FINAL_TYPE (QmpScreenshot, qmp_screenshot, G_TYPE_OBJECT)

enum
{
  PROP_BYTES = 1,
  PROP_FORMAT,
  PROP_CONTENT_TYPE,
  PROP_WIDTH,
  PROP_HEIGHT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
qmp_screenshot_finalize (GObject *object)
{
  QmpScreenshot *self = QMP_SCREENSHOT (object);

  g_clear_pointer (&self->bytes, g_bytes_unref);
  G_OBJECT_CLASS (qmp_screenshot_parent_class)->finalize (object);
}

static void
qmp_screenshot_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpScreenshot *self = QMP_SCREENSHOT (object);

  switch (id)
    {
    case PROP_BYTES:
      g_value_set_boxed (value, self->bytes);
      break;
    case PROP_FORMAT:
      g_value_set_enum (value, self->format);
      break;
    case PROP_CONTENT_TYPE:
      g_value_set_string (value, qmp_screenshot_get_content_type (self));
      break;
    case PROP_WIDTH:
      g_value_set_uint (value, self->width);
      break;
    case PROP_HEIGHT:
      g_value_set_uint (value, self->height);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_screenshot_class_init (QmpScreenshotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = qmp_screenshot_finalize;
  object_class->get_property = qmp_screenshot_get_property;

  /**
   * QmpScreenshot:bytes: (getter get_bytes)
   *
   * The picture file.
   *
   * Since: 0.1
   */
  properties[PROP_BYTES] = g_param_spec_boxed ("bytes", NULL, NULL, G_TYPE_BYTES, flags);
  /**
   * QmpScreenshot:format: (getter get_format)
   *
   * The file's format: PNG, or PPM of a QEMU that cannot write PNG.
   *
   * Since: 0.1
   */
  properties[PROP_FORMAT] = g_param_spec_enum ("format", NULL, NULL, QMP_TYPE_IMAGE_FORMAT, QMP_IMAGE_FORMAT_PNG, flags);
  /**
   * QmpScreenshot:content-type: (getter get_content_type)
   *
   * The file's format, as a media type.
   *
   * Since: 0.1
   */
  properties[PROP_CONTENT_TYPE] = g_param_spec_string ("content-type", NULL, NULL, NULL, flags);
  /**
   * QmpScreenshot:width: (getter get_width)
   *
   * The screen's width, in pixels.
   *
   * Since: 0.1
   */
  properties[PROP_WIDTH] = g_param_spec_uint ("width", NULL, NULL, 0, G_MAXUINT, 0, flags);
  /**
   * QmpScreenshot:height: (getter get_height)
   *
   * The screen's height, in pixels.
   *
   * Since: 0.1
   */
  properties[PROP_HEIGHT] = g_param_spec_uint ("height", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_screenshot_init (QmpScreenshot *self)
{
}

/* --- reading one ----------------------------------------------------------------------------- */

static guint32
read_big_endian (const guint8 *data)
{
  return (guint32) data[0] << 24 | (guint32) data[1] << 16 | (guint32) data[2] << 8 | data[3];
}

/* A PNG starts with a signature and the chunk IHDR, width and height first. */
static gboolean
read_png_header (QmpScreenshot *self, const guint8 *data, gsize length)
{
  static const guint8 start[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R' };

  if (length < sizeof start + 8 || memcmp (data, start, sizeof start) != 0)
    return FALSE;
  self->format = QMP_IMAGE_FORMAT_PNG;
  self->width = read_big_endian (data + sizeof start);
  self->height = read_big_endian (data + sizeof start + 4);
  return TRUE;
}

static guint
read_number (const char **at)
{
  guint64 number = g_ascii_strtoull (*at, (char **) at, 10);

  return number <= G_MAXINT ? number : 0;
}

/* A PPM of QEMU starts with "P6", width and height, each after white space. */
static gboolean
read_ppm_header (QmpScreenshot *self, const guint8 *data, gsize length)
{
  char text[HEADER_SIZE] = "";
  const char *at = text + 2;

  if (length > 0)
    memcpy (text, data, MIN (length, sizeof text - 1));
  if (strncmp (text, "P6", 2) != 0 || !g_ascii_isspace (*at))
    return FALSE;
  self->format = QMP_IMAGE_FORMAT_PPM;
  self->width = read_number (&at);
  self->height = read_number (&at);
  return TRUE;
}

/* What QEMU does to the file meanwhile is at most bytes that are wrong. */
static GBytes *
read_all (int fd, gsize size, GError **error)
{
  g_autofree char *data = g_malloc (size);
  gsize length = 0;

  while (length < size)
    {
      gssize n = pread (fd, data + length, size - length, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "screendump: the picture cannot be read: %s",
                       g_strerror (errno));
          return NULL;
        }
      if (n == 0)
        break;
      length += n;
    }
  return g_bytes_new_take (g_steal_pointer (&data), length);
}

QmpScreenshot *
qmp_screenshot_new_from_fd (int fd, GError **error)
{
  g_autoptr (QmpScreenshot) self = g_object_new (QMP_TYPE_SCREENSHOT, NULL);
  struct stat status = { 0 };
  const guint8 *data;
  gsize length;

  if (fstat (fd, &status) != 0 || status.st_size > MAX_SIZE)
    {
      g_set_error (error, QMP_ERROR, QMP_ERROR_TOO_LARGE, "screendump: the picture has more than %d MiB", MAX_SIZE >> 20);
      return NULL;
    }
  self->bytes = read_all (fd, status.st_size, error);
  if (self->bytes == NULL)
    return NULL;
  data = g_bytes_get_data (self->bytes, &length);
  if ((read_png_header (self, data, length) || read_ppm_header (self, data, length)) && self->width > 0 && self->height > 0)
    return g_steal_pointer (&self);
  g_set_error (error, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE, "screendump: what QEMU wrote is not a picture");
  return NULL;
}

/* --- what it is ---------------------------------------------------------------------------------- */

/**
 * qmp_screenshot_get_bytes: (get-property bytes)
 * @self: a screenshot
 *
 * Gets the picture file: for a decoder, or to be written as it is.
 *
 * Returns: (transfer none): all its bytes
 *
 * Since: 0.1
 */
GBytes *
qmp_screenshot_get_bytes (QmpScreenshot *self)
{
  g_return_val_if_fail (QMP_IS_SCREENSHOT (self), NULL);
  return self->bytes;
}

/**
 * qmp_screenshot_get_format: (get-property format)
 * @self: a screenshot
 *
 * Gets the file's format.
 *
 * Returns: the format
 *
 * Since: 0.1
 */
QmpImageFormat
qmp_screenshot_get_format (QmpScreenshot *self)
{
  g_return_val_if_fail (QMP_IS_SCREENSHOT (self), QMP_IMAGE_FORMAT_UNRECOGNIZED);
  return self->format;
}

/**
 * qmp_screenshot_get_content_type: (get-property content-type)
 * @self: a screenshot
 *
 * Gets the file's format, as a media type.
 *
 * Returns: `image/png` or `image/x-portable-pixmap`
 *
 * Since: 0.1
 */
const char *
qmp_screenshot_get_content_type (QmpScreenshot *self)
{
  g_return_val_if_fail (QMP_IS_SCREENSHOT (self), NULL);
  return self->format == QMP_IMAGE_FORMAT_PNG ? "image/png" : "image/x-portable-pixmap";
}

/**
 * qmp_screenshot_get_width: (get-property width)
 * @self: a screenshot
 *
 * Gets the screen's width, as the file's header has it.
 *
 * Returns: the width, in pixels
 *
 * Since: 0.1
 */
guint
qmp_screenshot_get_width (QmpScreenshot *self)
{
  g_return_val_if_fail (QMP_IS_SCREENSHOT (self), 0);
  return self->width;
}

/**
 * qmp_screenshot_get_height: (get-property height)
 * @self: a screenshot
 *
 * Gets the screen's height, as the file's header has it.
 *
 * Returns: the height, in pixels
 *
 * Since: 0.1
 */
guint
qmp_screenshot_get_height (QmpScreenshot *self)
{
  g_return_val_if_fail (QMP_IS_SCREENSHOT (self), 0);
  return self->height;
}
