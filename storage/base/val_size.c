/* What a value measures: its share of the item size (02 section 7), its depth (section 8). Recursion ends at
   LIMIT_JSON_DEPTH levels, which no request can pass. */
#include "val.h"

#include "limits.h"
#include "num.h"

static uint32_t set_size(const struct val *set) {
    struct val_iter iter = val_iter(set);
    struct str member;
    uint32_t size = 0;
    while (val_next_member(&iter, &member))
        size += set->type == VAL_NS ? num_size(member) : (uint32_t)member.len;
    return size;
}

static uint32_t size_of(const struct val *value, int levels);

static uint32_t elements_size(const struct val *list, int levels) {
    struct val_iter iter = val_iter(list);
    struct val element;
    uint32_t size = 0;
    while (val_next(&iter, &element))
        size += size_of(&element, levels);
    return size;
}

static uint32_t entries_size(const struct val *map, int levels) {
    struct val_iter iter = val_iter(map);
    struct str name;
    struct val value;
    bool plain;
    uint32_t size = 0;
    while (val_next_entry(&iter, &name, &plain, &value))
        size += (uint32_t)name.len + size_of(&value, levels);
    return size;
}

static uint32_t size_of(const struct val *value, int levels) {
    if (levels == 0)
        return 0;
    switch (value->type) {
    case VAL_S:
    case VAL_B:
        return (uint32_t)value->data.len;
    case VAL_N:
        return num_size(value->data);
    case VAL_L:
        return 3 + value->count + elements_size(value, levels - 1);
    case VAL_M:
        return 3 + value->count + entries_size(value, levels - 1);
    case VAL_BOOL:
    case VAL_NULL:
        return 1;
    default:
        return set_size(value);
    }
}

uint32_t val_size(const struct val *value) { return size_of(value, LIMIT_JSON_DEPTH); }

uint32_t val_entries_size(const struct val *map) { return entries_size(map, LIMIT_JSON_DEPTH); }

static bool next_child(struct val_iter *iter, struct val *child) {
    struct str name;
    bool plain;
    if (iter->type == VAL_L)
        return val_next(iter, child);
    return iter->type == VAL_M && val_next_entry(iter, &name, &plain, child);
}

static int depth_of(const struct val *value, int levels) {
    if (levels == 0)
        return 0;
    struct val_iter iter = val_iter(value);
    struct val child;
    int deepest = 0;
    while (next_child(&iter, &child)) {
        int depth = depth_of(&child, levels - 1);
        if (depth > deepest)
            deepest = depth;
    }
    return 1 + deepest;
}

int val_depth(const struct val *value) { return depth_of(value, LIMIT_JSON_DEPTH); }
