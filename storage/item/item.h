/* An item as stored: one byte of format (1), the item size (4 bytes, little endian), the number of attributes (4
   bytes), then the entries of val.h. The record holds the whole item, key attributes too. */
#ifndef MAGNETO_ITEM_H
#define MAGNETO_ITEM_H

#include "arena.h"
#include "val.h"

enum { ITEM_HEADER_BYTES = 9, ITEM_FORMAT = 1 };

struct item {
    struct val attrs; /* a VAL_M view over the entries */
    uint32_t size;    /* item size of the service, in bytes */
    bool exists;
};

/* A view of record bytes; false when they are not an item. */
bool item_read(struct item *out, struct str record);

/* The record for these entries (size counted here). */
struct str item_record(struct arena *arena, const struct val *attrs, uint32_t size);

#endif
