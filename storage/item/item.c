#include "item.h"

bool item_read(struct item *out, struct str record) {
    const uint8_t *p = (const uint8_t *)record.p;
    *out = (struct item){0};
    if (record.len < ITEM_HEADER_BYTES || p[0] != ITEM_FORMAT)
        return false;
    out->size = val_u32(p + 1);
    out->attrs = val_of_entries(str_skip(record, ITEM_HEADER_BYTES), val_u32(p + 5));
    out->exists = true;
    return true;
}

struct str item_record(struct arena *arena, const struct val *attrs, uint32_t size) {
    size_t len = ITEM_HEADER_BYTES + attrs->data.len;
    uint8_t *p = arena_alloc(arena, len);
    uint32_t words[2] = {size, attrs->count};
    p[0] = ITEM_FORMAT;
    for (int w = 0; w < 2; w++)
        for (int i = 0; i < 4; i++)
            p[1 + 4 * w + i] = (uint8_t)(words[w] >> (8 * i));
    if (attrs->data.len)
        memcpy(p + ITEM_HEADER_BYTES, attrs->data.p, attrs->data.len);
    return str_make(p, len);
}
