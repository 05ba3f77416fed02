/* Whether bytes from outside (a file, a snapshot) are encoded values. Everything else in this folder may then rely on
   it; what only walks is safe without. */
#include "val.h"

#include "limits.h"
#include "num.h"
#include "text.h"

static const uint8_t flags_of[VAL_M + 1] = {
    [VAL_S] = VAL_PLAIN, [VAL_N] = VAL_PLAIN, [VAL_B] = VAL_PLAIN, [VAL_BOOL] = VAL_TRUE};

static bool is_valid(const struct val *value, int levels);

static bool is_text(struct str text, bool plain) { return utf8_is_valid(text) && (!plain || val_is_plain(text)); }

static bool is_valid_set(const struct val *set) {
    struct val_iter iter = val_iter(set);
    for (uint32_t i = 0; i < set->count; i++) {
        struct str member;
        if (!val_next_member(&iter, &member))
            return false;
        if (set->type == VAL_SS && !utf8_is_valid(member))
            return false;
        if (set->type == VAL_NS && !num_is_canonical(member))
            return false;
    }
    return iter.at == iter.end;
}

static bool is_valid_list(const struct val *list, int levels) {
    struct val_iter iter = val_iter(list);
    struct val element;
    for (uint32_t i = 0; i < list->count; i++)
        if (!val_next(&iter, &element) || !is_valid(&element, levels))
            return false;
    return iter.at == iter.end;
}

static bool is_valid_map(const struct val *map, int levels) {
    struct val_iter iter = val_iter(map);
    struct str name;
    struct val value;
    bool plain;
    for (uint32_t i = 0; i < map->count; i++) {
        if (!val_next_entry(&iter, &name, &plain, &value))
            return false;
        if (!is_text(name, plain) || !is_valid(&value, levels))
            return false;
    }
    return iter.at == iter.end;
}

static bool is_valid(const struct val *value, int levels) {
    if (levels == 0 || value->flags & ~flags_of[value->type])
        return false;
    switch (value->type) {
    case VAL_S:
        return is_text(value->data, value->flags & VAL_PLAIN);
    case VAL_N:
        return num_is_canonical(value->data);
    case VAL_SS:
    case VAL_NS:
    case VAL_BS:
        return is_valid_set(value);
    case VAL_L:
        return is_valid_list(value, levels - 1);
    case VAL_M:
        return is_valid_map(value, levels - 1);
    default:
        return true;
    }
}

bool val_is_valid(struct str encoded) {
    struct val value;
    const uint8_t *at = (const uint8_t *)encoded.p;
    return encoded.len && val_read(&value, at, at + encoded.len) == at + encoded.len &&
           is_valid(&value, LIMIT_JSON_DEPTH);
}

bool val_entries_valid(struct str entries, uint32_t count) {
    struct val map = val_of_entries(entries, count);
    return is_valid(&map, LIMIT_JSON_DEPTH);
}
