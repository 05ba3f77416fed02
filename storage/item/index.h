/* Index entries: which items an index holds, what an entry projects, how big it is. An entry's key ends with its item's
   key; its record is the length of that (2 bytes, big endian) and, up to INDEX_CARRIED_MAX, what the entry projects, as
   an item's record: a Query of an index then reads nothing but the index. What is longer is projected from the item
   when it is read. So an entry is written when its key or what it carries changes. */
#ifndef MAGNETO_INDEX_H
#define MAGNETO_INDEX_H

#include "item.h"
#include "key.h"
#include "table.h"

enum { INDEX_CARRIED_MAX = 1024 };

/* The item has every key attribute of the index with the declared type, not empty and not too long. */
bool index_holds(const struct index *index, const struct val *attrs);

/* Key of the item's entry; item_key as in key.h, space included. */
void index_entry_key(struct buf *out, const struct index *index, const struct val *attrs, struct str item_key);

/* The entry's record, in the arena; size: index_entry_size. */
struct str index_entry_record(struct arena *arena, const struct table *table, const struct index *index,
                              const struct item *item, uint32_t size, struct str item_key);

/* The part of an entry's key that is the item's key without space; absent when the record cannot be an entry's. */
struct str index_item_key(struct str entry_key, struct str record);
/* The projected item that an entry's record carries; its size is the entry's. False: none. */
bool index_carried(struct item *out, struct str record);

/* Whether the attribute is part of an entry: key of the index, key of the table, or projected. */
bool index_projects(const struct table *table, const struct index *index, struct str attribute);

/* Item size of the projected entry. */
uint32_t index_entry_size(const struct table *table, const struct index *index, const struct item *item);

/* The projected attributes as entries in the arena (the item's own view for PROJECT_ALL). */
struct val index_project(struct arena *arena, const struct table *table, const struct index *index,
                         const struct val *attrs);

/* The projected entries are equal by value. */
bool index_same_entry(const struct table *table, const struct index *index, const struct val *a, const struct val *b);

#endif
