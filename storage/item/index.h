/* Index entries: which items an index holds, what an entry projects, how big it is. Entries carry no attributes: a read
   follows the item key at the entry's end, and an entry is touched only when its key changes. */
#ifndef MAGNETO_INDEX_H
#define MAGNETO_INDEX_H

#include "key.h"
#include "table.h"

/* The item has every key attribute of the index with the declared type, not empty and not too long. */
bool index_holds(const struct index *index, const struct val *attrs);

/* Key of the item's entry; item_key as in key.h, space included. */
void index_entry_key(struct buf *out, const struct index *index, const struct val *attrs, struct str item_key);

/* The part of an entry's key that is the item's key without space; value is the entry's record (length of that
   part). */
struct str index_item_key(struct str entry_key, struct str value);
struct str index_entry_value(struct str item_key, uint8_t scratch[2]);

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
