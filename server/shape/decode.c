/* The first pass: JSON types against the member table, depth-first in row order, into the request struct. Structures
   nest as deep as the tables do; only attribute values recurse with the body (value.c). */
#include "shape.h"

#include "limits.h"
#include "mismatch.h"
#include "scalar.h"
#include "value.h"

enum {
    MEMBERS_MOST = 32,    /* rows of one shape */
    ELEMENTS_MOST = 65536 /* structures of one list or map that are kept; every operation refuses far fewer */
};

struct decoder {
    const struct tape *tape;
    struct arena *arena;
    struct err *err;
    struct buf bytes; /* values on their way into the arena */
    bool falls_back;  /* the request is one for the classic layer (14 section 1.3) */
};

static int decode_struct(struct decoder *x, const struct shape *shape, const struct token *object, void *out);

static struct str text_of(const struct decoder *x, const struct token *token) {
    return token_text(x->tape, token, x->arena);
}

/* Walks elements, or members (then `name` is before the token); nulls are passed over. */
struct walk {
    const struct tape *tape;
    const struct token *name, *token;
    uint32_t left, next;
    bool named;
};

static struct walk walk(const struct decoder *x, const struct token *container) {
    return (struct walk){
        .tape = x->tape,
        .left = container->count,
        .next = container->first,
        .named = container->type == TOKEN_OBJECT,
    };
}

static bool step(struct walk *walk) {
    while (walk->left > 0) {
        walk->left--;
        walk->name = &walk->tape->tokens[walk->next];
        walk->token = walk->named ? walk->name + 1 : walk->name;
        walk->next = walk->token->next;
        if (walk->token->type != TOKEN_NULL)
            return true;
    }
    return false;
}

/* Places for the structures of one container: the last place serves all that are too many, and so does what the arena
   gave for them. */
struct places {
    void *all;
    size_t bytes;
    uint32_t *n;
    struct arena_mark last;
};

static uint32_t kept(const struct token *container) {
    return container->count < ELEMENTS_MOST ? container->count : ELEMENTS_MOST;
}

static struct places places(struct decoder *x, const struct token *container, size_t bytes, uint32_t *n) {
    return (struct places){.all = arena_zalloc(x->arena, bytes * kept(container)), .bytes = bytes, .n = n};
}

static void *next_place(struct decoder *x, struct places *places) {
    if (*places->n == ELEMENTS_MOST) {
        arena_rewind(x->arena, places->last);
        --*places->n;
        memset((char *)places->all + places->bytes * *places->n, 0, places->bytes);
    } else if (*places->n == ELEMENTS_MOST - 1) {
        places->last = arena_mark(x->arena);
    }
    return (char *)places->all + places->bytes * (*places->n)++;
}

/* --- attribute values --------------------------------------------------------------------------------------------- */

static struct value_reader reader(struct decoder *x, const struct member *row, struct value_fault *fault) {
    bool deeper = (row->flags & M_DEEPER) && x->err->validation == VALIDATION_CLASSIC;
    x->bytes.len = 0;
    return (struct value_reader){
        .tape = x->tape,
        .arena = x->arena,
        .err = x->err,
        .out = &x->bytes,
        .fault = fault,
        .levels_most = deeper ? LIMIT_NESTING + 1 : LIMIT_NESTING,
        .depth_last = row->flags & M_DEPTH_LAST,
    };
}

static int decode_attrs(struct decoder *x, const struct member *row, const struct token *object, struct attrs *out) {
    const struct entries_kind kind = {.placeholders = row->flags & M_PLACEHOLDERS, .top = true};
    struct value_reader values = reader(x, row, &out->fault);
    uint32_t n;
    if (value_read_entries(&values, object, 1, kind, &n) != 0)
        return -1;
    x->falls_back |= values.falls_back;
    out->set = true;
    out->map = val_of_entries(arena_copy(x->arena, buf_str(&x->bytes)), n);
    if (!out->fault.text.p)
        out->size = val_entries_size(&out->map);
    return 0;
}

/* What was read, as a value that lives in the arena. */
static void keep_attr(struct decoder *x, struct attr *out) {
    struct str bytes = arena_copy(x->arena, buf_str(&x->bytes));
    const uint8_t *at = (const uint8_t *)bytes.p;
    out->set = true;
    ENSURE(val_read(&out->value, at, at + bytes.len) == at + bytes.len);
}

static int decode_attr(struct decoder *x, const struct member *row, const struct token *token, struct attr *out) {
    struct value_reader value = reader(x, row, &out->fault);
    if (value_read_member(&value, token) != 0)
        return -1;
    x->falls_back |= value.falls_back;
    keep_attr(x, out);
    return 0;
}

static int decode_attr_element(struct decoder *x, const struct member *row, const struct token *token,
                               struct attr *out) {
    struct value_reader value = reader(x, row, &out->fault);
    if (value_read_element(&value, token, 1) != 0)
        return -1;
    x->falls_back |= value.falls_back;
    keep_attr(x, out);
    return 0;
}

static int decode_attr_list(struct decoder *x, const struct member *row, const struct token *array,
                            struct attr_list *out) {
    struct places elements = places(x, array, sizeof *out->v, &out->n);
    *out = (struct attr_list){.set = true, .v = elements.all};
    for (struct walk at = walk(x, array); step(&at);)
        if (decode_attr_element(x, row, at.token, next_place(x, &elements)) != 0)
            return -1;
    return 0;
}

static int decode_attrs_list(struct decoder *x, const struct member *row, const struct token *array,
                             struct struct_list *out) {
    struct places elements = places(x, array, sizeof(struct attrs), &out->n);
    *out = (struct struct_list){.set = true, .v = elements.all};
    for (struct walk at = walk(x, array); step(&at);) {
        if (at.token->type != TOKEN_OBJECT)
            return mismatch_generic_map(x->err, at.token, JAVA_PACKAGE "AttributeValue");
        if (decode_attrs(x, row, at.token, next_place(x, &elements)) != 0)
            return -1;
    }
    return 0;
}

/* --- strings ------------------------------------------------------------------------------------------------------ */

static int decode_string(struct decoder *x, const struct token *token, struct str *out) {
    if (token->type != TOKEN_STRING)
        return mismatch_scalar(x->err, token, "String");
    *out = text_of(x, token);
    return 0;
}

static int decode_strings(struct decoder *x, const struct token *array, struct str_list *out) {
    *out = (struct str_list){.set = true, .v = ARENA_ARRAY(x->arena, struct str, array->count)};
    for (struct walk at = walk(x, array); step(&at);)
        if (decode_string(x, at.token, &out->v[out->n++]) != 0)
            return -1;
    return 0;
}

static int decode_string_map(struct decoder *x, const struct token *object, struct str_map *out) {
    *out = (struct str_map){
        .set = true,
        .keys = ARENA_ARRAY(x->arena, struct str, object->count),
        .values = ARENA_ARRAY(x->arena, struct str, object->count),
    };
    for (struct walk at = walk(x, object); step(&at);) {
        if (decode_string(x, at.token, &out->values[out->n]) != 0)
            return -1;
        out->keys[out->n++] = text_of(x, at.name);
    }
    return 0;
}

/* --- numbers and booleans ----------------------------------------------------------------------------------------- */

static int decode_number(struct decoder *x, const struct member *row, const struct token *token, struct opt_int *out) {
    bool is_long = row->type == M_LONG, is_time = row->type == M_TIMESTAMP;
    if (token->type != TOKEN_INTEGER && token->type != TOKEN_DECIMAL)
        return mismatch_scalar(x->err, token, is_time ? "Date" : is_long ? "Long" : "Integer");
    struct str number = str_make(x->tape->text + token->at, token->len);
    bool wide = is_long || is_time;
    *out = scalar_integer(number, is_time ? 3 : 0, wide ? INT64_MIN : INT32_MIN, wide ? INT64_MAX : INT32_MAX);
    x->falls_back |= row->type == M_INTEGER && out->altered;
    return 0;
}

static int decode_bool(struct decoder *x, const struct member *row, const struct token *token, struct opt_bool *out) {
    if (!scalar_boolean(x->tape, token, x->arena, &out->value))
        return mismatch_boolean(x->err, token);
    out->set = true;
    /* Of the members that are booleans only Exists is known to do that (14 section 1.3). */
    x->falls_back |= token->type == TOKEN_STRING && str_eq(str_of(row->name), STR("Exists"));
    return 0;
}

/* --- structures --------------------------------------------------------------------------------------------------- */

static int decode_structure(struct decoder *x, const struct shape *shape, const struct token *token, enum place place,
                            void *out) {
    if (token->type != TOKEN_OBJECT)
        return mismatch_structure(x->err, token, shape->java, place);
    return decode_struct(x, shape, token, out);
}

static int decode_pointer(struct decoder *x, const struct member *row, const struct token *token, void **out) {
    *out = arena_zalloc(x->arena, row->of->bytes);
    return decode_structure(x, row->of, token, PLACE_MEMBER, *out);
}

static int decode_struct_list(struct decoder *x, const struct shape *of, const struct token *array,
                              struct struct_list *out) {
    struct places elements = places(x, array, of->bytes, &out->n);
    *out = (struct struct_list){.set = true, .v = elements.all};
    for (struct walk at = walk(x, array); step(&at);)
        if (decode_structure(x, of, at.token, PLACE_ELEMENT, next_place(x, &elements)) != 0)
            return -1;
    return 0;
}

static int decode_struct_map(struct decoder *x, const struct member *row, const struct token *object,
                             struct struct_map *out) {
    bool lists = row->type == M_MAP_OF_LISTS;
    size_t bytes = lists ? sizeof(struct struct_list) : row->of->bytes;
    struct places entries = places(x, object, bytes, &out->n);
    *out = (struct struct_map){
        .set = true,
        .keys = ARENA_ARRAY(x->arena, struct str, kept(object)),
        .v = entries.all,
        .json = x->tape->text + object->at,
    };
    for (struct walk at = walk(x, object); step(&at);) {
        void *to = next_place(x, &entries);
        out->keys[out->n - 1] = text_of(x, at.name);
        if (lists && at.token->type != TOKEN_ARRAY)
            return mismatch_generic_list(x->err, at.token);
        int rc = lists ? decode_struct_list(x, row->of, at.token, to)
                       : decode_structure(x, row->of, at.token, PLACE_ELEMENT, to);
        if (rc != 0)
            return -1;
    }
    return 0;
}

/* --- members ------------------------------------------------------------------------------------------------------ */

/* Java's name for the values of a map. */
static const char *map_of(struct decoder *x, const struct member *row) {
    if (row->java)
        return row->java;
    if (row->type == M_ATTRS)
        return JAVA_PACKAGE "AttributeValue";
    if (row->type == M_STRING_MAP)
        return "java.lang.String";
    bool lists = row->type == M_MAP_OF_LISTS;
    return arena_printf(x->arena, "%s" JAVA_PACKAGE "%s%s", lists ? "java.util.List<" : "", row->of->java,
                        lists ? ">" : "")
        .p;
}

static int decode_map(struct decoder *x, const struct member *row, const struct token *token, void *out) {
    if (token->type != TOKEN_OBJECT)
        return mismatch_map(x->err, token, map_of(x, row));
    switch (row->type) {
    case M_ATTRS:
        return decode_attrs(x, row, token, out);
    case M_STRING_MAP:
        return decode_string_map(x, token, out);
    default:
        return decode_struct_map(x, row, token, out);
    }
}

static int decode_list(struct decoder *x, const struct member *row, const struct token *token, void *out) {
    if (token->type != TOKEN_ARRAY)
        return mismatch_list(x->err, token);
    switch (row->type) {
    case M_STRINGS:
        return decode_strings(x, token, out);
    case M_ATTR_LIST:
        return decode_attr_list(x, row, token, out);
    case M_ATTRS_LIST:
        return decode_attrs_list(x, row, token, out);
    default:
        return decode_struct_list(x, row->of, token, out);
    }
}

static int decode_member(struct decoder *x, const struct member *row, const struct token *token, void *out) {
    switch ((enum member_type)row->type) {
    case M_STRING:
        return decode_string(x, token, out);
    case M_BOOL:
        return decode_bool(x, row, token, out);
    case M_INTEGER:
    case M_LONG:
    case M_TIMESTAMP:
        return decode_number(x, row, token, out);
    case M_ATTR:
        return decode_attr(x, row, token, out);
    case M_STRUCT:
        return decode_pointer(x, row, token, out);
    case M_ATTRS:
    case M_STRING_MAP:
    case M_MAP:
    case M_MAP_OF_LISTS:
        return decode_map(x, row, token, out);
    case M_ATTR_LIST:
    case M_STRINGS:
    case M_LIST:
    case M_ATTRS_LIST:
        return decode_list(x, row, token, out);
    }
    ensure_failed("member type", __FILE__, __LINE__);
}

/* Index of the row of that name, or shape->n. */
static uint32_t row_of(const struct shape *shape, struct str name) {
    char initial = name.len ? name.p[0] : 0;
    uint32_t i = 0;
    while (i < shape->n && !(shape->members[i].name[0] == initial && str_eq(str_of(shape->members[i].name), name)))
        i++;
    return i;
}

/* Members in the order of the rows, whatever the order sent; unknown ones are ignored. */
static int decode_struct(struct decoder *x, const struct shape *shape, const struct token *object, void *out) {
    const struct token *found[MEMBERS_MOST + 1] = {0}; /* the last one: what no row names */
    ENSURE(shape->n <= MEMBERS_MOST);
    for (struct walk at = walk(x, object); step(&at);)
        found[row_of(shape, text_of(x, at.name))] = at.token;
    for (uint32_t i = 0; i < shape->n; i++)
        if (found[i] && decode_member(x, &shape->members[i], found[i], (char *)out + shape->members[i].offset) != 0)
            return -1;
    return 0;
}

/* --- the request -------------------------------------------------------------------------------------------------- */

static int decode_request(struct decoder *x, const struct shape *shape, const struct token *object, void *request) {
    buf_init(&x->bytes, SIZE_MAX);
    int rc = decode_struct(x, shape, object, request);
    buf_free(&x->bytes);
    return rc;
}

int shape_decode(const struct shape *shape, const struct tape *tape, const struct token *object, void *request,
                 struct arena *arena, struct err *err) {
    struct decoder x = {.tape = tape, .arena = arena, .err = err};
    if (!shape->modern)
        err->validation = VALIDATION_CLASSIC;
    if (decode_request(&x, shape, object, request) != 0)
        return -1;
    if (err->validation == VALIDATION_CLASSIC || !(x.falls_back || shape_lacks_required(shape, request)))
        return 0;
    /* Once more: the faults that were remembered are in the words of the other layer. */
    err->validation = VALIDATION_CLASSIC;
    err->fell_back = true;
    memset(request, 0, shape->bytes);
    return decode_request(&x, shape, object, request);
}
