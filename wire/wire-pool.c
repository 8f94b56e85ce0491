/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-pool.h"

#include <string.h>

#define N_CLASSES 4u
#define MOST_KEPT 128u

static const gsize class_sizes[N_CLASSES] = { 128, 384, 640, 1024 };

typedef struct
{
  gpointer *first;  /* a free block begins with the address of the next */
  guint n_kept;
} Shelf;

typedef struct
{
  Shelf shelves[N_CLASSES];
  guint most_kept;
} Store;

static void
free_store (gpointer data)
{
  Store *store = data;

  for (guint i = 0; i < N_CLASSES; i++)
    while (store->shelves[i].first != NULL)
      {
        gpointer *block = store->shelves[i].first;

        store->shelves[i].first = *block;
        g_free (block);
      }
  g_free (store);
}

static GPrivate thread_store = G_PRIVATE_INIT (free_store);

static Store *
get_store (void)
{
  Store *store = g_private_get (&thread_store);
  const char *wish;

  if (G_LIKELY (store != NULL))
    return store;
  wish = g_getenv ("G_SLICE");
  store = g_new0 (Store, 1);
  store->most_kept = wish != NULL && strstr (wish, "always-malloc") != NULL ? 0 : MOST_KEPT;
  g_private_set (&thread_store, store);
  return store;
}

static inline guint
find_class (gsize size)
{
  for (guint i = 0; i < N_CLASSES; i++)
    if (size <= class_sizes[i])
      return i;
  return N_CLASSES;
}

gpointer
wire_pool_alloc (gsize size)
{
  guint class = find_class (size);
  Shelf *shelf;
  gpointer *block;

  if (class == N_CLASSES)
    return g_malloc (size);
  shelf = &get_store ()->shelves[class];
  block = shelf->first;
  if (block == NULL)
    return g_malloc (class_sizes[class]);
  shelf->first = *block;
  shelf->n_kept--;
  return block;
}

void
wire_pool_free (gpointer block, gsize size)
{
  guint class = find_class (size);
  Store *store;
  Shelf *shelf;

  if (class == N_CLASSES)
    {
      g_free (block);
      return;
    }
  store = get_store ();
  shelf = &store->shelves[class];
  if (shelf->n_kept >= store->most_kept)
    {
      g_free (block);
      return;
    }
  *(gpointer *) block = shelf->first;
  shelf->first = block;
  shelf->n_kept++;
}
