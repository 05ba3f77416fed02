/* Printing goes into a bounded buffer; once it is full nothing more is visited. The depth of values is bounded by the
   tape that they came from. */
#include "java.h"

#include "text.h"

enum { ECHO_MOST = 1 << 20 };

struct printer {
    struct buf out;
    struct arena *arena;
};

/* Of a text that does not fit the beginning, up to a whole character. */
static void put_str(struct printer *x, struct str text) {
    size_t room = x->out.max - x->out.len;
    bool cut = text.len > room;
    if (cut)
        for (text.len = room; text.len && ((unsigned char)text.p[text.len] & 0xC0) == 0x80;)
            text.len--;
    buf_put_str(&x->out, text);
    x->out.full |= cut;
}

static void put(struct printer *x, const char *text) { put_str(x, str_of(text)); }

static void put_integer(struct printer *x, int64_t value) {
    put_str(x, arena_printf(x->arena, "%l", (long long)value));
}

static void put_boolean(struct printer *x, bool value) { put(x, value ? "true" : "false"); }

static void put_separator(struct printer *x, uint32_t i) {
    if (i)
        put(x, ", ");
}

static void put_strings(struct printer *x, const struct str *strings, uint32_t n) {
    put(x, "[");
    for (uint32_t i = 0; i < n && !x->out.full; i++) {
        put_separator(x, i);
        put_str(x, strings[i]);
    }
    put(x, "]");
}

/* --- maps --------------------------------------------------------------------------------------------------------- */

/* Maps print their entries in the order of a hash table of their size (14 section 14.3). */
static uint32_t *map_order(struct printer *x, const struct str *keys, uint32_t n) {
    uint32_t *order = arena_alloc(x->arena, sizeof *order * n);
    java_order(keys, n, 0, order);
    return order;
}

static void put_key(struct printer *x, struct str key, uint32_t i) {
    put_separator(x, i);
    put_str(x, key);
    put(x, "=");
}

static void put_string_map(struct printer *x, const struct str_map *map) {
    uint32_t *order = map_order(x, map->keys, map->n);
    put(x, "{");
    for (uint32_t i = 0; i < map->n && !x->out.full; i++) {
        put_key(x, map->keys[order[i]], i);
        put_str(x, map->values[order[i]]);
    }
    put(x, "}");
}

/* --- attribute values --------------------------------------------------------------------------------------------- */

static void put_value(struct printer *x, const struct val *value);

static void put_blob(struct printer *x, struct str bytes) {
    unsigned n = (unsigned)bytes.len;
    put_str(x, arena_printf(x->arena, "java.nio.HeapByteBuffer[pos=0 lim=%u cap=%u]", n, n));
}

static void put_set(struct printer *x, const struct val *set) {
    struct val_iter iter = val_iter(set);
    struct str member;
    put(x, "[");
    for (uint32_t i = 0; val_next_member(&iter, &member) && !x->out.full; i++) {
        put_separator(x, i);
        if (set->type == VAL_BS)
            put_blob(x, member);
        else
            put_str(x, member);
    }
    put(x, "]");
}

static void put_list(struct printer *x, const struct val *list) {
    struct val_iter iter = val_iter(list);
    struct val element;
    put(x, "[");
    for (uint32_t i = 0; val_next(&iter, &element) && !x->out.full; i++) {
        put_separator(x, i);
        put_value(x, &element);
    }
    put(x, "]");
}

static void put_map(struct printer *x, const struct val *map) {
    struct str *names = ARENA_ARRAY(x->arena, struct str, map->count);
    struct val *values = ARENA_ARRAY(x->arena, struct val, map->count);
    struct val_iter iter = val_iter(map);
    uint32_t n = 0;
    bool plain;
    while (n < map->count && val_next_entry(&iter, &names[n], &plain, &values[n]))
        n++;
    uint32_t *order = map_order(x, names, n);
    put(x, "{");
    for (uint32_t i = 0; i < n && !x->out.full; i++) {
        put_key(x, names[order[i]], i);
        put_value(x, &values[order[i]]);
    }
    put(x, "}");
}

static void put_content(struct printer *x, const struct val *value) {
    switch (value->type) {
    case VAL_S:
    case VAL_N:
        put_str(x, value->data);
        break;
    case VAL_B:
        put_blob(x, value->data);
        break;
    case VAL_BOOL:
        put_boolean(x, value->flags & VAL_TRUE);
        break;
    case VAL_NULL:
        put_boolean(x, true);
        break;
    case VAL_L:
        put_list(x, value);
        break;
    case VAL_M:
        put_map(x, value);
        break;
    default:
        put_set(x, value);
    }
}

static void put_value(struct printer *x, const struct val *value) {
    static const struct {
        const char *name;
        enum val_type type;
    } fields[] = {{"s", VAL_S},
                  {"n", VAL_N},
                  {"b", VAL_B},
                  {"iNT", VAL_NONE},
                  {"dECIMAL", VAL_NONE},
                  {"dOUBLE", VAL_NONE},
                  {"sS", VAL_SS},
                  {"nS", VAL_NS},
                  {"bS", VAL_BS},
                  {"iNTSET", VAL_NONE},
                  {"dECIMALSET", VAL_NONE},
                  {"dOUBLESET", VAL_NONE},
                  {"m", VAL_M},
                  {"l", VAL_L},
                  {"nULL", VAL_NULL},
                  {"bOOL", VAL_BOOL}};
    put(x, "AttributeValue(");
    for (uint32_t i = 0; i < COUNT_OF(fields); i++) {
        put_key(x, str_of(fields[i].name), i);
        if (fields[i].type == value->type && value->type != VAL_NONE)
            put_content(x, value);
        else
            put(x, "null");
    }
    put(x, ")");
}

/* --- structures --------------------------------------------------------------------------------------------------- */

static void put_member(struct printer *x, const struct member *row, const void *at);

static void put_struct(struct printer *x, const struct shape *shape, const void *base) {
    put(x, shape->java);
    put(x, "(");
    for (uint32_t i = 0; i < shape->n && !x->out.full; i++) {
        const struct member *row = &shape->members[i];
        put_key(x, java_name(x->arena, row->name), i);
        put_member(x, row, (const char *)base + row->offset);
    }
    put(x, ")");
}

static void put_structs(struct printer *x, const struct shape *of, const struct struct_list *list) {
    put(x, "[");
    for (uint32_t i = 0; i < list->n && !x->out.full; i++) {
        put_separator(x, i);
        put_struct(x, of, (const char *)list->v + of->bytes * i);
    }
    put(x, "]");
}

static void put_struct_map(struct printer *x, const struct member *row, const struct struct_map *map) {
    uint32_t *order = map_order(x, map->keys, map->n);
    put(x, "{");
    for (uint32_t i = 0; i < map->n && !x->out.full; i++) {
        put_key(x, map->keys[order[i]], i);
        if (row->type == M_MAP_OF_LISTS)
            put_structs(x, row->of, (const struct struct_list *)map->v + order[i]);
        else
            put_struct(x, row->of, (const char *)map->v + row->of->bytes * order[i]);
    }
    put(x, "}");
}

static void put_attr_list(struct printer *x, const struct attr_list *list) {
    put(x, "[");
    for (uint32_t i = 0; i < list->n && !x->out.full; i++) {
        put_separator(x, i);
        put_value(x, &list->v[i].value);
    }
    put(x, "]");
}

static void put_attrs_list(struct printer *x, const struct struct_list *list) {
    const struct attrs *all = list->v;
    put(x, "[");
    for (uint32_t i = 0; i < list->n && !x->out.full; i++) {
        put_separator(x, i);
        put_map(x, &all[i].map);
    }
    put(x, "]");
}

bool member_is_set(const struct member *row, const void *at) {
    switch ((enum member_type)row->type) {
    case M_STRING:
        return ((const struct str *)at)->p;
    case M_BOOL:
        return ((const struct opt_bool *)at)->set;
    case M_INTEGER:
    case M_LONG:
    case M_TIMESTAMP:
        return ((const struct opt_int *)at)->set;
    case M_ATTRS:
        return ((const struct attrs *)at)->set;
    case M_ATTR:
        return ((const struct attr *)at)->set;
    case M_ATTR_LIST:
        return ((const struct attr_list *)at)->set;
    case M_STRINGS:
        return ((const struct str_list *)at)->set;
    case M_STRING_MAP:
        return ((const struct str_map *)at)->set;
    case M_STRUCT:
        return *(void *const *)at;
    case M_LIST:
    case M_ATTRS_LIST:
        return ((const struct struct_list *)at)->set;
    case M_MAP:
    case M_MAP_OF_LISTS:
        return ((const struct struct_map *)at)->set;
    }
    ensure_failed("member type", __FILE__, __LINE__);
}

static void put_member(struct printer *x, const struct member *row, const void *at) {
    if (!member_is_set(row, at)) {
        put(x, "null");
        return;
    }
    switch ((enum member_type)row->type) {
    case M_STRING:
        put_str(x, *(const struct str *)at);
        break;
    case M_BOOL:
        put_boolean(x, ((const struct opt_bool *)at)->value);
        break;
    case M_INTEGER:
    case M_LONG:
    case M_TIMESTAMP:
        put_integer(x, ((const struct opt_int *)at)->value);
        break;
    case M_ATTRS:
        put_map(x, &((const struct attrs *)at)->map);
        break;
    case M_ATTR:
        put_value(x, &((const struct attr *)at)->value);
        break;
    case M_ATTR_LIST:
        put_attr_list(x, at);
        break;
    case M_STRINGS:
        put_strings(x, ((const struct str_list *)at)->v, ((const struct str_list *)at)->n);
        break;
    case M_STRING_MAP:
        put_string_map(x, at);
        break;
    case M_STRUCT:
        put_struct(x, row->of, *(void *const *)at);
        break;
    case M_LIST:
        put_structs(x, row->of, at);
        break;
    case M_ATTRS_LIST:
        put_attrs_list(x, at);
        break;
    case M_MAP:
    case M_MAP_OF_LISTS:
        put_struct_map(x, row, at);
        break;
    }
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static struct printer printer(struct arena *arena) {
    struct printer x = {.arena = arena};
    buf_init(&x.out, ECHO_MOST);
    return x;
}

static struct str finish(struct printer *x) {
    struct str text = arena_copy(x->arena, buf_str(&x->out));
    buf_free(&x->out);
    return text;
}

struct str java_print(struct arena *arena, const struct member *row, const void *at) {
    struct printer x = printer(arena);
    put_member(&x, row, at);
    return finish(&x);
}

/* At an opening quote; returns what is behind the closing one. */
static const char *behind_string(const char *p) {
    for (p++; *p != '"'; p++)
        if (*p == '\\')
            p++;
    return p + 1;
}

struct str java_print_json(struct arena *arena, const char *object) {
    struct printer x = printer(arena);
    size_t open = 0;
    const char *p = object;
    do {
        const char *from = p;
        p = *p == '"' ? behind_string(p) : p + 1;
        if (*from == '{' || *from == '[')
            open++;
        else if (*from == '}' || *from == ']')
            open--;
        if ((unsigned char)*from > ' ')
            put_str(&x, str_make(from, (size_t)(p - from)));
    } while (open > 0 && !x.out.full);
    return finish(&x);
}

struct str java_name(struct arena *arena, const char *name) {
    struct str copy = arena_copy(arena, str_of(name));
    char first = name[0];
    if (first >= 'A' && first <= 'Z')
        ((char *)(uintptr_t)copy.p)[0] = (char)(first + 32);
    return copy;
}
