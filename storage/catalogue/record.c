/* The two walks over a record's rows: struct to encoded map, and back. Their recursion follows the rows, not the
   data. */
#include "record.h"

#include "val.h"

#include <stdio.h>

_Static_assert(sizeof(enum field_type) == sizeof(uint32_t), "FIELD_U32 holds enums");

static void encode_integer(struct buf *out, int64_t value) {
    char text[24];
    int len = snprintf(text, sizeof text, "%lld", (long long)value);
    val_put_scalar(out, VAL_N, true, str_make(text, (size_t)len));
}

static uint32_t read_u32(const void *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static const char *read_pointer(const void *at) {
    const char *pointer;
    memcpy(&pointer, at, sizeof pointer);
    return pointer;
}

static void encode_structs(struct buf *out, const struct record *record, const char *first, uint32_t count) {
    size_t mark = val_begin(out, VAL_L);
    for (uint32_t i = 0; i < count; i++)
        record_encode(out, record, first + record->bytes * i);
    val_end(out, mark, count);
}

static void encode_texts(struct buf *out, const struct str *texts, uint32_t count) {
    size_t mark = val_begin(out, VAL_L);
    for (uint32_t i = 0; i < count; i++)
        val_put_scalar(out, VAL_S, false, texts[i]);
    val_end(out, mark, count);
}

static void encode_field(struct buf *out, const struct field *field, const char *from) {
    const void *at = from + field->offset, *count = from + field->count_offset;
    switch (field->type) {
    case FIELD_STR:
        val_put_scalar(out, VAL_S, false, *(const struct str *)at);
        return;
    case FIELD_I64:
        encode_integer(out, *(const int64_t *)at);
        return;
    case FIELD_U32:
        encode_integer(out, read_u32(at));
        return;
    case FIELD_BOOL:
        val_put_bool(out, *(const bool *)at);
        return;
    case FIELD_STRS:
        encode_texts(out, *(const struct str *const *)at, read_u32(count));
        return;
    case FIELD_STRUCT:
        record_encode(out, field->of, at);
        return;
    case FIELD_LIST:
        encode_structs(out, field->of, read_pointer(at), read_u32(count));
        return;
    case FIELD_ARRAY:
        encode_structs(out, field->of, at, *(const uint8_t *)count);
        return;
    }
}

static bool is_absent(const struct field *field, const char *from) {
    return field->type == FIELD_STR && !((const struct str *)(const void *)(from + field->offset))->p;
}

void record_encode(struct buf *out, const struct record *record, const void *from) {
    size_t mark = val_begin(out, VAL_M);
    uint32_t count = 0;
    for (uint32_t i = 0; i < record->n; i++) {
        const struct field *field = &record->fields[i];
        if (is_absent(field, from))
            continue;
        val_put_name(out, str_of(field->name), true);
        encode_field(out, field, from);
        count++;
    }
    val_end(out, mark, count);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static bool decode_map(void *to, const struct record *record, struct arena *arena, const struct val *map);

static bool decode_integer(const struct val *value, int64_t *out) {
    struct str text = value->data;
    bool negative = text.len && text.p[0] == '-';
    if (negative)
        text = str_skip(text, 1);
    if (value->type != VAL_N || !text.len || text.len > 19)
        return false;
    uint64_t sum = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        sum = sum * 10 + (uint64_t)(text.p[i] - '0');
    }
    if (sum > (uint64_t)INT64_MAX + negative)
        return false;
    *out = (int64_t)(negative ? 0 - sum : sum);
    return true;
}

static bool decode_u32(const struct val *value, void *to) {
    int64_t integer;
    if (!decode_integer(value, &integer) || integer < 0 || integer > UINT32_MAX)
        return false;
    uint32_t narrow = (uint32_t)integer;
    memcpy(to, &narrow, sizeof narrow);
    return true;
}

/* An element has at least its tag byte: more elements than bytes is damage, and no reason to allocate. */
static bool is_list(const struct val *value) { return value->type == VAL_L && value->count <= value->data.len; }

static bool decode_structs(char *first, const struct record *record, struct arena *arena, const struct val *list) {
    struct val_iter iter = val_iter(list);
    struct val element;
    uint32_t i = 0;
    for (; i < list->count && val_next(&iter, &element); i++)
        if (!decode_map(first + record->bytes * i, record, arena, &element))
            return false;
    return i == list->count;
}

static bool decode_list(char *to, const struct field *field, struct arena *arena, const struct val *value) {
    if (!is_list(value))
        return false;
    char *structs = arena_zalloc(arena, field->of->bytes * value->count);
    memcpy(to + field->offset, &structs, sizeof structs);
    memcpy(to + field->count_offset, &value->count, sizeof value->count);
    return decode_structs(structs, field->of, arena, value);
}

static bool decode_array(char *to, const struct field *field, struct arena *arena, const struct val *value) {
    if (!is_list(value) || value->count > field->most)
        return false;
    *(uint8_t *)(to + field->count_offset) = (uint8_t)value->count;
    return decode_structs(to + field->offset, field->of, arena, value);
}

static bool decode_texts(char *to, const struct field *field, struct arena *arena, const struct val *value) {
    if (!is_list(value))
        return false;
    struct str *texts = ARENA_ARRAY(arena, struct str, value->count);
    struct val_iter iter = val_iter(value);
    struct val element;
    for (uint32_t i = 0; i < value->count; i++) {
        if (!val_next(&iter, &element) || element.type != VAL_S)
            return false;
        texts[i] = arena_copy(arena, element.data);
    }
    memcpy(to + field->offset, &texts, sizeof texts);
    memcpy(to + field->count_offset, &value->count, sizeof value->count);
    return true;
}

static bool decode_field(char *to, const struct field *field, struct arena *arena, const struct val *value) {
    void *at = to + field->offset;
    switch (field->type) {
    case FIELD_STR:
        *(struct str *)at = arena_copy(arena, value->data);
        return value->type == VAL_S;
    case FIELD_I64:
        return decode_integer(value, at);
    case FIELD_U32:
        return decode_u32(value, at);
    case FIELD_BOOL:
        *(bool *)at = value->flags & VAL_TRUE;
        return value->type == VAL_BOOL;
    case FIELD_STRS:
        return decode_texts(to, field, arena, value);
    case FIELD_STRUCT:
        return decode_map(at, field->of, arena, value);
    case FIELD_LIST:
        return decode_list(to, field, arena, value);
    case FIELD_ARRAY:
        return decode_array(to, field, arena, value);
    }
    return false;
}

/* Records are written in the order of the rows: the search begins where the last one ended. */
static const struct field *field_named(const struct record *record, struct str name, uint32_t *from) {
    for (uint32_t i = 0; i < record->n; i++) {
        const struct field *field = &record->fields[(*from + i) % record->n];
        if (!str_eq(str_of(field->name), name))
            continue;
        *from += i + 1;
        return field;
    }
    return NULL;
}

static bool decode_map(void *to, const struct record *record, struct arena *arena, const struct val *map) {
    struct val_iter iter = val_iter(map);
    struct str name;
    struct val value;
    bool plain;
    uint32_t next = 0, seen = 0;
    if (map->type != VAL_M)
        return false;
    if (record->defaults)
        memcpy(to, record->defaults, record->bytes);
    for (; val_next_entry(&iter, &name, &plain, &value); seen++) {
        const struct field *field = field_named(record, name, &next);
        if (field && !decode_field(to, field, arena, &value))
            return false;
    }
    return seen == map->count;
}

bool record_decode(void *to, const struct record *record, struct arena *arena, struct str encoded) {
    struct val map;
    const uint8_t *at = (const uint8_t *)encoded.p;
    memset(to, 0, record->bytes);
    return val_read(&map, at, at + encoded.len) == at + encoded.len && encoded.len &&
           decode_map(to, record, arena, &map);
}
