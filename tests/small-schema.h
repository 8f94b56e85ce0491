/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

/* A schema with one of each kind of thing, for tests: in QEMU's own form, but
 * with single quotes. */

#define SMALL_SCHEMA_TYPES \
  "{'name':'str','meta-type':'builtin','json-type':'string'}," \
  "{'name':'int','meta-type':'builtin','json-type':'int'}," \
  "{'name':'number','meta-type':'builtin','json-type':'number'}," \
  "{'name':'bool','meta-type':'builtin','json-type':'boolean'}," \
  "{'name':'null','meta-type':'builtin','json-type':'null'}," \
  "{'name':'any','meta-type':'builtin','json-type':'value'}," \
  "{'name':'0','meta-type':'object','members':[]}," \
  "{'name':'[int]','meta-type':'array','element-type':'int'}," \
  "{'name':'[10]','meta-type':'array','element-type':'10'}," \
  "{'name':'[13]','meta-type':'array','element-type':'13'}," \
  "{'name':'[30]','meta-type':'array','element-type':'30'}," \
  "{'name':'[[int]]','meta-type':'array','element-type':'[int]'}," \
  /* enums: one in the form before values had features, one in both */ \
  "{'name':'12','meta-type':'enum','values':['qcow2','file','quorum','null-co']}," \
  "{'name':'13','meta-type':'enum','values':['threads','native','io_uring'],'members':[{'name':'threads'}," \
  " {'name':'native'},{'name':'io_uring','features':['unstable']}]}," \
  /* block devices: a union whose branches refer to it */ \
  "{'name':'10','meta-type':'object','tag':'driver','members':[{'name':'driver','type':'12'}," \
  " {'name':'node-name','type':'str','default':null},{'name':'read-only','type':'bool','default':null}," \
  " {'name':'__com.redhat_trace','type':'18','default':null}]," \
  " 'variants':[{'case':'file','type':'14'},{'case':'qcow2','type':'15'},{'case':'quorum','type':'16'}]}," \
  "{'name':'11','meta-type':'alternate','members':[{'type':'10'},{'type':'str'}]}," \
  "{'name':'14','meta-type':'object','members':[{'name':'filename','type':'str'}," \
  " {'name':'aio','type':'13','default':null,'features':['unstable']}],'features':['dynamic-auto-read-only']}," \
  "{'name':'15','meta-type':'object','members':[{'name':'file','type':'11'},{'name':'cache-size','type':'int','default':null}]}," \
  "{'name':'16','meta-type':'object','members':[{'name':'children','type':'[10]'},{'name':'vote-threshold','type':'int'}]}," \
  "{'name':'18','meta-type':'object','members':[{'name':'level','type':'int'}]}," \
  /* arguments and results of the others */ \
  "{'name':'20','meta-type':'object','members':[{'name':'device','type':'str'},{'name':'size','type':'int'}]}," \
  "{'name':'21','meta-type':'object','members':[{'name':'id','type':'str'}]}," \
  "{'name':'22','meta-type':'object','members':[{'name':'name','type':'str'},{'name':'up','type':'bool'}]}," \
  "{'name':'23','meta-type':'object','members':[{'name':'driver','type':'str'},{'name':'id','type':'str','default':null}]}," \
  "{'name':'24','meta-type':'object','members':[{'name':'path','type':'str'},{'name':'value','type':'any'}]}," \
  "{'name':'25','meta-type':'object','members':[{'name':'n','type':'int','default':null},{'name':'share','type':'number','default':null}]}," \
  "{'name':'26','meta-type':'object','members':[{'name':'running','type':'bool'},{'name':'status','type':'str'}]}," \
  "{'name':'30','meta-type':'object','members':[{'name':'device','type':'str'},{'name':'inserted','type':'31','default':null}]}," \
  "{'name':'31','meta-type':'object','members':[{'name':'ro','type':'bool'},{'name':'backing','type':'31','default':null}]}," \
  /* a union within a union, alternates of many kinds, and what is newer than all of us */ \
  "{'name':'40','meta-type':'object','tag':'kind','members':[{'name':'kind','type':'41'},{'name':'modes','type':'[13]','default':null}," \
  " {'name':'mode','type':'43','default':null},{'name':'many','type':'44','default':null},{'name':'grid','type':'[[int]]','default':null}," \
  " {'name':'new','type':'45','default':null},{'name':'nothing','type':'null','default':null}]," \
  " 'variants':[{'case':'deep','type':'42'}]}," \
  "{'name':'41','meta-type':'enum','values':['deep','flat']}," \
  "{'name':'42','meta-type':'object','tag':'inner','members':[{'name':'inner','type':'41'}],'variants':[{'case':'deep','type':'18'}]}," \
  "{'name':'43','meta-type':'alternate','members':[{'type':'41'},{'type':'13'},{'type':'int'}]}," \
  "{'name':'44','meta-type':'alternate','members':[{'type':'null'},{'type':'bool'},{'type':'number'},{'type':'[int]'},{'type':'18'}]}," \
  "{'name':'45','meta-type':'matrix','rows':7}"

#define SMALL_SCHEMA_CALLS \
  "{'name':'blockdev-add','meta-type':'command','arg-type':'10','ret-type':'0'}," \
  "{'name':'block_resize','meta-type':'command','arg-type':'20','ret-type':'0'}," \
  "{'name':'device_del','meta-type':'command','arg-type':'21','ret-type':'0','allow-oob':false}," \
  "{'name':'set_link','meta-type':'command','arg-type':'22','ret-type':'0'}," \
  "{'name':'device_add','meta-type':'command','arg-type':'23','ret-type':'0'}," \
  "{'name':'qom-set','meta-type':'command','arg-type':'24','ret-type':'any'}," \
  "{'name':'yank','meta-type':'command','arg-type':'25','ret-type':'0','allow-oob':true}," \
  "{'name':'query-status','meta-type':'command','arg-type':'0','ret-type':'26'}," \
  "{'name':'query-block','meta-type':'command','arg-type':'0','ret-type':'[30]'}," \
  "{'name':'x-tree','meta-type':'command','arg-type':'40','ret-type':'0','features':['unstable']}," \
  "{'name':'STOP','meta-type':'event','arg-type':'0'}," \
  "{'name':'MEM_UNPLUG_ERROR','meta-type':'event','arg-type':'21','features':['deprecated']}," \
  "{'name':'BLOCK_IO_ERROR','meta-type':'event','arg-type':'30'}"

static inline char *
small_schema_quote (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

static inline char *
small_schema_json (void)
{
  return small_schema_quote ("[" SMALL_SCHEMA_TYPES "," SMALL_SCHEMA_CALLS "]");
}

static inline QmpSchema *
small_schema_new (void)
{
  g_autofree char *json = small_schema_json ();
  g_autoptr (GError) error = NULL;
  QmpSchema *schema = qmp_schema_new_from_json (json, &error);

  g_assert_no_error (error);
  return schema;
}
