/* Any bytes as a stored item: walking them is safe whatever they are; what val_entries_valid accepts can be measured,
   compared and written as JSON that reads back as the same item. */
#include "item.h"
#include "shape.h"
#include "write.h"

#include "limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct val *value, int levels) {
    struct val_iter iter = val_iter(value);
    struct str text;
    struct val inner;
    bool plain;
    if (levels == 0)
        return;
    switch (value->type) {
    case VAL_SS:
    case VAL_NS:
    case VAL_BS:
        while (val_next_member(&iter, &text))
            ENSURE(text.p >= value->data.p && text.p + text.len <= value->data.p + value->data.len);
        break;
    case VAL_L:
        while (val_next(&iter, &inner))
            walk(&inner, levels - 1);
        (void)val_at(value, 1, &inner);
        break;
    case VAL_M:
        while (val_next_entry(&iter, &text, &plain, &inner))
            walk(&inner, levels - 1);
        (void)val_get(value, STR("a"), &inner);
        break;
    default:
        break;
    }
}

static void write_and_read(const struct val *attrs) {
    struct arena arena;
    struct tape tape;
    struct buf json, map;
    struct err err;
    struct value_fault fault = {0};
    arena_init(&arena, 1 << 16);
    err_init(&err, &arena, VALIDATION_CLASSIC);
    buf_init(&json, 1 << 28);
    buf_init(&map, 1 << 28);
    buf_put_lit(&json, "{\"M\":");
    json_put_attrs(&json, attrs, SET_HASHED);
    buf_put_lit(&json, "}");
    /* Sorted sets and unique members are not part of being valid: such an item does not come back the same. */
    if (tape_parse(&tape, &arena, buf_str(&json)) == TAPE_OK) {
        ENSURE(value_decode(&tape, &tape.tokens[0], &map, &fault, &arena, &err) == 0);
        ENSURE(val_is_valid(buf_str(&map)) || fault.text.p);
    }
    buf_free(&map);
    buf_free(&json);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct item item;
    if (!item_read(&item, str_make(data, size)))
        return 0;
    walk(&item.attrs, 64);
    if (!val_entries_valid(item.attrs.data, item.attrs.count))
        return 0;
    (void)val_entries_size(&item.attrs);
    ENSURE(val_depth(&item.attrs) <= LIMIT_JSON_DEPTH);
    (void)val_equal(&item.attrs, &item.attrs);
    write_and_read(&item.attrs);
    return 0;
}
