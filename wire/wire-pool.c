/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-pool.h"

#include <string.h>

#define N_CLASSES 4u
#define MOST_KEPT 192u
#define N_LARGE 2u
#define LARGEST_KEPT ((gsize) 640 * 1024)

static const gsize class_sizes[N_CLASSES] = { 128, 384, 640, 1024 };

typedef struct
{
  gpointer *first;  /* a free block begins with the address of the next */
  guint n_kept;
} Shelf;

typedef struct
{
  gpointer block;
  gsize size;
} Large;

typedef struct
{
  Shelf shelves[N_CLASSES];
  Large large[N_LARGE];
  guint most_kept;
} Store;

/* What is quick to read; the private beside it ends the store with its
 * thread. */
static _Thread_local Store *current;

static void
free_store (gpointer data)
{
  Store *store = data;

  current = NULL;
  for (guint i = 0; i < N_LARGE; i++)
    g_free (store->large[i].block);
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

static G_NO_INLINE Store *
make_store (void)
{
  const char *wish = g_getenv ("G_SLICE");

  current = g_new0 (Store, 1);
  current->most_kept = wish != NULL && strstr (wish, "always-malloc") != NULL ? 0 : MOST_KEPT;
  g_private_set (&thread_store, current);
  return current;
}

static inline Store *
get_store (void)
{
  return G_LIKELY (current != NULL) ? current : make_store ();
}

static inline guint
find_class (gsize size)
{
  for (guint i = 0; i < N_CLASSES; i++)
    if (size <= class_sizes[i])
      return i;
  return N_CLASSES;
}

/* A block of at least that size, or NULL when none is kept. */
gpointer
wire_pool_take_large (gsize least, gsize *size)
{
  Store *store = get_store ();

  for (guint i = 0; i < N_LARGE; i++)
    if (store->large[i].block != NULL && store->large[i].size >= least && store->large[i].size / 2 <= least)
      {
        *size = store->large[i].size;
        return g_steal_pointer (&store->large[i].block);
      }
  return NULL;
}

/* Keeps a block that g_malloc() made, or frees it. */
void
wire_pool_give_large (gpointer block, gsize size)
{
  Store *store = get_store ();

  for (guint i = 0; i < N_LARGE && block != NULL; i++)
    if (store->large[i].block == NULL && store->most_kept > 0 && size >= WIRE_POOL_LARGE && size <= LARGEST_KEPT)
      store->large[i] = (Large) { g_steal_pointer (&block), size };
  g_free (block);
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
