/* Walking encoded values (val.h), and the names of their types. */
#include "val.h"

const uint8_t *val_varint_long(const uint8_t *at, const uint8_t *end, uint32_t *out) {
    uint64_t value = 0;
    for (int shift = 0; shift < 35 && at != end; shift += 7) {
        value |= (uint64_t)(*at & 0x7F) << shift;
        if (*at++ < 0x80) {
            *out = (uint32_t)value;
            return at[-1] && value <= UINT32_MAX ? at : NULL;
        }
    }
    return NULL;
}

bool val_next(struct val_iter *iter, struct val *value) {
    const uint8_t *p = val_read(value, iter->at, iter->end);
    iter->at = p ? p : iter->end;
    return p;
}

bool val_next_member(struct val_iter *iter, struct str *member) {
    uint32_t length;
    const uint8_t *p = val_varint(iter->at, iter->end, &length);
    if (!p || length > (size_t)(iter->end - p)) {
        iter->at = iter->end;
        return false;
    }
    *member = str_make(p, length);
    iter->at = p + length;
    return true;
}

bool val_get(const struct val *map, struct str name, struct val *out) {
    struct val_iter iter = val_iter(map);
    struct str each;
    bool plain;
    while (val_next_entry(&iter, &each, &plain, out))
        if (str_eq(each, name))
            return true;
    return false;
}

bool val_at(const struct val *list, uint32_t index, struct val *out) {
    if (index >= list->count)
        return false;
    struct val_iter iter = val_iter(list);
    do {
        if (!val_next(&iter, out))
            return false;
    } while (index--);
    return true;
}

const char *val_type_name(enum val_type type) {
    static const char *const names[] = {"", "S", "N", "B", "SS", "NS", "BS", "BOOL", "NULL", "L", "M"};
    ENSURE(type <= VAL_M);
    return names[type];
}

static enum val_type type_of_letter(char letter) {
    switch (letter) {
    case 'S':
        return VAL_S;
    case 'N':
        return VAL_N;
    case 'B':
        return VAL_B;
    case 'L':
        return VAL_L;
    case 'M':
        return VAL_M;
    default:
        return VAL_NONE;
    }
}

static enum val_type set_of_letter(char letter) {
    switch (letter) {
    case 'S':
        return VAL_SS;
    case 'N':
        return VAL_NS;
    case 'B':
        return VAL_BS;
    default:
        return VAL_NONE;
    }
}

enum val_type val_type_of(struct str name) {
    if (name.len == 1)
        return type_of_letter(name.p[0]);
    if (name.len == 2 && name.p[1] == 'S')
        return set_of_letter(name.p[0]);
    if (str_eq(name, STR("BOOL")))
        return VAL_BOOL;
    return str_eq(name, STR("NULL")) ? VAL_NULL : VAL_NONE;
}
