/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-json.h"

#include "wire/wire-node.h"

/**
 * qmp_json_node_get_uint64:
 * @node: an integer out of a reply
 *
 * Reads an integer that may be above %G_MAXINT64.
 *
 * A [struct@Json.Node] holds signed 64 bits only. QEMU does send larger
 * integers; in trees that this library makes they keep their bits, so that
 * [method@Json.Node.get_int] shows them as negative and this function as they
 * were.
 *
 * Returns: the integer; a negative one wraps around
 *
 * Since: 0.1
 */
guint64
qmp_json_node_get_uint64 (JsonNode *node)
{
  g_return_val_if_fail (node != NULL && JSON_NODE_HOLDS_VALUE (node), 0);
  return wire_node_get_uint64 (node);
}
