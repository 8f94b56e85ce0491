/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl-schema.h"

/* the generated file has it */
extern const char agent_schema_json[];

QmpSchema *
qgactl_schema_new (void)
{
  g_autoptr (GError) error = NULL;
  QmpSchema *schema = qmp_schema_new_from_json (agent_schema_json, &error);

  if (schema == NULL)
    g_error ("the agent's schema: %s", error->message);
  return schema;
}
