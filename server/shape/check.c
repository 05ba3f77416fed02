/* The second pass: the model's constraints, collected in row order and worded as the service words them (05 section
   1.1). Structures nest as deep as the tables do. */
#include "shape.h"

#include "java.h"

/* Where a violation is: a chain of members, entries and elements that lives on the stack of the walk. */
struct path {
    const struct path *up;
    const struct member *row; /* NULL: an entry or element */
    struct str key;           /* of an entry; p NULL: an element */
    uint32_t index;           /* of an element, from 1 */
};

struct checker {
    struct err *err;
    struct violations *list;
};

/* --- wording ------------------------------------------------------------------------------------------------------ */

static struct str join(struct arena *arena, struct str up, struct str name) {
    return up.len ? arena_printf(arena, "%S.%S", up, name) : name;
}

/* "requestItems.t.member.keys"; as on the wire: "RequestItems.t.member.Keys". */
static struct str print_path(struct arena *arena, const struct path *path, bool wire) {
    if (!path)
        return STR("");
    struct str up = print_path(arena, path->up, wire);
    if (path->row)
        return join(arena, up, wire ? str_of(path->row->name) : java_name(arena, path->row->name));
    struct str key = path->key.p ? path->key : arena_printf(arena, "%u", path->index);
    return join(arena, up, arena_printf(arena, "%S.member", key));
}

static struct str print_value(struct arena *arena, const struct member *row, const void *at) {
    if (row->type == M_MAP && (row->flags & M_KEY_RULES))
        return java_print_json(arena, ((const struct struct_map *)at)->json);
    return java_print(arena, row, at);
}

static struct str print_enum(struct arena *arena, const char *const *values) {
    struct str text = STR("");
    for (; *values; values++)
        text = arena_printf(arena, "%S%s%s", text, text.len ? ", " : "", *values);
    return text;
}

/* One violation of the member at the end of `path`, which is told as `where`; at NULL: it is absent. */
static void violate_at(const struct checker *x, const struct path *path, struct str where, const void *at,
                       struct str constraint) {
    struct arena *arena = x->err->arena;
    const struct member *row = path->row;
    if (x->list->n == 0)
        x->list->bare = row->flags & M_BARE;
    if (row->text)
        violation_add(x->list, str_of(row->text));
    else if (row->flags & M_UNECHOED)
        violation_add(x->list,
                      arena_printf(arena, "Value at '%S' failed to satisfy constraint: %S", where, constraint));
    else
        violation_add(x->list,
                      arena_printf(arena, "Value %s%S%s at '%S' failed to satisfy constraint: %S", at ? "'" : "",
                                   at ? print_value(arena, row, at) : STR("null"), at ? "'" : "", where, constraint));
}

/* An echo can be long: nothing is worded that would not be listed. */
static bool is_full(const struct checker *x) { return x->list->n == COUNT_OF(x->list->text); }

static void violate(const struct checker *x, const struct path *path, const void *at, struct str constraint) {
    if (!is_full(x))
        violate_at(x, path, print_path(x->err->arena, path, path->row->flags & M_UNECHOED), at, constraint);
}

static void violate_bound(const struct checker *x, const struct path *path, const void *at, bool is_least) {
    const struct member *row = path->row;
    struct arena *arena = x->err->arena;
    if (is_full(x))
        return;
    bool is_value = row->type == M_INTEGER || row->type == M_LONG || row->type == M_TIMESTAMP;
    struct str where = row->path ? str_of(row->path) : print_path(arena, path, row->flags & M_UNECHOED);
    violate_at(x, path, where, at,
               arena_printf(arena, "Member must have %s %s than or equal to %l", is_value ? "value" : "length",
                            is_least ? "greater" : "less", (long long)(is_least ? row->min : row->max)));
}

/* --- one member --------------------------------------------------------------------------------------------------- */

static int64_t code_points(struct str text) {
    int64_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += ((unsigned char)text.p[i] & 0xC0) != 0x80;
    return n;
}

/* What min and max bound: the length in code points (15 section 6.2), elements, the value. */
static int64_t measure(const struct member *row, const void *at) {
    switch ((enum member_type)row->type) {
    case M_STRING:
        return code_points(*(const struct str *)at);
    case M_INTEGER:
    case M_LONG:
    case M_TIMESTAMP:
        return ((const struct opt_int *)at)->value;
    case M_ATTRS:
        return ((const struct attrs *)at)->map.count;
    case M_ATTR_LIST:
        return ((const struct attr_list *)at)->n;
    case M_STRINGS:
        return ((const struct str_list *)at)->n;
    case M_STRING_MAP:
        return ((const struct str_map *)at)->n;
    case M_LIST:
    case M_ATTRS_LIST:
        return ((const struct struct_list *)at)->n;
    case M_MAP:
    case M_MAP_OF_LISTS:
        return ((const struct struct_map *)at)->n;
    case M_BOOL:
    case M_ATTR:
    case M_STRUCT:
        break;
    }
    ensure_failed("a member with bounds", __FILE__, __LINE__);
}

static bool is_name(struct str text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '-')
            return false;
    }
    return text.len > 0;
}

/* An ARN in place of a name: 1..1,024 characters, its form is the table lookup's business. */
static bool is_arn(struct str text) { return str_starts(text, STR("arn:")) && text.len <= 1024; }

static bool in_enum(struct str text, const char *const *values) {
    for (; *values; values++)
        if (str_eq(text, str_of(*values)))
            return true;
    return false;
}

static void check_bounds(const struct checker *x, const struct path *path, const void *at) {
    const struct member *row = path->row;
    if (!(row->flags & (M_MIN | M_MAX)))
        return;
    int64_t measured = measure(row, at);
    if ((row->flags & M_MIN) && measured < row->min)
        violate_bound(x, path, at, true);
    if ((row->flags & M_MAX) && measured > row->max)
        violate_bound(x, path, at, false);
}

static const char name_pattern[] = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";

/* The empty name of an item operation is told its length only (05 section 1.3), any other one the pattern too (06
   section 5). */
static bool breaks_pattern(const struct member *row, struct str text) {
    return (row->flags & M_NAME_PATTERN) && !is_name(text) && !(text.len == 0 && row->min == 1);
}

static void check_string(const struct checker *x, const struct path *path, const struct str *text) {
    const struct member *row = path->row;
    if (breaks_pattern(row, *text))
        violate(x, path, text, str_of(name_pattern));
    if (row->values && in_enum(*text, row->values) == !!(row->flags & M_FORBIDDEN))
        violate(x, path, text,
                arena_printf(x->err->arena, "Member must satisfy enum value set: [%S]",
                             print_enum(x->err->arena, row->values)));
}

static bool is_table_name(struct str text) {
    return is_arn(text) || (is_name(text) && text.len >= 3 && text.len <= 255);
}

static void check_keys(const struct checker *x, const struct path *path, const struct struct_map *map) {
    for (uint32_t i = 0; i < map->n; i++) {
        if (is_table_name(map->keys[i]))
            continue;
        violate(x, path, map,
                arena_printf(x->err->arena,
                             "Map keys must satisfy constraint: [Member must have length less than or equal to 255, "
                             "Member must have length greater than or equal to 3, %s]",
                             name_pattern));
        return;
    }
}

static void check_values(const struct checker *x, const struct path *path, const struct struct_map *map) {
    const struct struct_list *lists = map->v;
    for (uint32_t i = 0; i < map->n; i++) {
        if (lists[i].n >= 1 && lists[i].n <= 25)
            continue;
        violate(x, path, map,
                STR("Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must "
                    "have length greater than or equal to 1]"));
        return;
    }
}

static void check_names(const struct checker *x, const struct path *path, const struct str_list *list) {
    for (uint32_t i = 0; i < list->n; i++) {
        if (list->v[i].len && code_points(list->v[i]) <= 255)
            continue;
        violate(x, path, list,
                STR("Member must satisfy constraint: [Member must have length less than or equal to 255, Member must "
                    "have length greater than or equal to 1]"));
        return;
    }
}

/* --- the walk ----------------------------------------------------------------------------------------------------- */

static void check_rows(const struct checker *x, const struct path *up, const struct member *rows, uint32_t n,
                       const void *base);

static void check_structs(const struct checker *x, const struct path *up, const struct shape *of,
                          const struct struct_list *list) {
    for (uint32_t i = 0; i < list->n; i++) {
        const struct path element = {.up = up, .index = i + 1};
        check_rows(x, &element, of->members, of->n, (const char *)list->v + of->bytes * i);
    }
}

static void check_entries(const struct checker *x, const struct path *up, const struct shape *of,
                          const struct struct_map *map) {
    for (uint32_t i = 0; i < map->n; i++) {
        const struct path entry = {.up = up, .key = map->keys[i]};
        if (up->row->type == M_MAP_OF_LISTS)
            check_structs(x, &entry, of, (const struct struct_list *)map->v + i);
        else
            check_rows(x, &entry, of->members, of->n, (const char *)map->v + of->bytes * i);
    }
}

static void check_inside(const struct checker *x, const struct path *path, const void *at) {
    const struct shape *of = path->row->of;
    if (!of || (path->row->flags & M_SHALLOW))
        return;
    if (path->row->type == M_STRUCT)
        check_rows(x, path, of->members, of->n, *(void *const *)at);
    else if (path->row->type == M_LIST)
        check_structs(x, path, of, at);
    else
        check_entries(x, path, of, at);
}

static void check_member(const struct checker *x, const struct path *path, const void *at) {
    const struct member *row = path->row;
    bool arn = (row->flags & M_ARN) && is_arn(*(const struct str *)at);
    uint32_t before = x->list->n;
    if (!arn)
        check_bounds(x, path, at);
    if (row->type == M_STRING && !arn && !((row->flags & M_FIRST) && x->list->n > before))
        check_string(x, path, at);
    if (row->flags & M_VALUE_RULES)
        check_values(x, path, at);
    if (row->flags & M_KEY_RULES)
        check_keys(x, path, at);
    if (row->flags & M_NAMES)
        check_names(x, path, at);
    check_inside(x, path, at);
}

static void check_rows(const struct checker *x, const struct path *up, const struct member *rows, uint32_t n,
                       const void *base) {
    for (uint32_t i = 0; i < n; i++) {
        const void *at = (const char *)base + rows[i].offset;
        bool set = member_is_set(&rows[i], at);
        if (!set && !(rows[i].flags & M_REQUIRED))
            continue;
        const struct path path = {.up = up, .row = &rows[i]};
        if (set)
            check_member(x, &path, at);
        else
            violate(x, &path, NULL, STR("Member must not be null"));
    }
}

/* --- stages ------------------------------------------------------------------------------------------------------- */

void violation_add(struct violations *list, struct str text) {
    if (list->n < COUNT_OF(list->text))
        list->text[list->n++] = text;
}

int violations_report(const struct violations *list, struct err *err) {
    if (!list->n)
        return 0;
    struct str text = list->text[0];
    if (list->n == 1 && list->bare)
        return err_set(err, ERR_VALIDATION, "%S", text);
    for (uint32_t i = 1; i < list->n; i++)
        text = arena_printf(err->arena, "%S; %S", text, list->text[i]);
    return err_set(err, ERR_VALIDATION, "%u validation error%s detected: %S", list->n, list->n == 1 ? "" : "s", text);
}

void stage_violations(const struct stage *stage, const void *request, struct err *err, struct violations *list) {
    const struct checker x = {err, list};
    uint32_t before = list->n;
    check_rows(&x, NULL, stage->members, stage->n, request);
    if (stage->first_only && list->n > before + 1)
        list->n = before + 1;
}

int stage_check(const struct stage *stage, const void *request, struct err *err) {
    struct violations list = {0};
    stage_violations(stage, request, err, &list);
    return violations_report(&list, err);
}

static struct stages stages_of(const struct shape *shape, const struct err *err, struct stage *whole) {
    const struct stages *stages = err->validation == VALIDATION_2026 ? shape->modern : shape->classic;
    if (err->fell_back && shape->fallback)
        stages = shape->fallback;
    *whole = (struct stage){.members = shape->members, .n = shape->n};
    return stages ? *stages : (struct stages){whole, 1};
}

/* The first stage that fails. */
void shape_violations(const struct shape *shape, const void *request, struct err *err, struct violations *list) {
    struct stage whole;
    struct stages stages = stages_of(shape, err, &whole);
    for (uint32_t i = 0; i < stages.n && !list->n; i++)
        stage_violations(&stages.v[i], request, err, list);
}

int shape_check(const struct shape *shape, const void *request, struct err *err) {
    struct violations list = {0};
    shape_violations(shape, request, err, &list);
    return violations_report(&list, err);
}

/* --- absent members ----------------------------------------------------------------------------------------------- */

static bool lacks(const struct member *row, const void *at);

static bool any_lacks(const struct shape *of, const void *all, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (shape_lacks_required(of, (const char *)all + of->bytes * i))
            return true;
    return false;
}

static bool lacks(const struct member *row, const void *at) {
    if (!member_is_set(row, at))
        return row->flags & M_REQUIRED;
    switch (row->type) {
    case M_STRUCT:
        return shape_lacks_required(row->of, *(void *const *)at);
    case M_LIST:
        return any_lacks(row->of, ((const struct struct_list *)at)->v, ((const struct struct_list *)at)->n);
    case M_MAP:
        return any_lacks(row->of, ((const struct struct_map *)at)->v, ((const struct struct_map *)at)->n);
    default:
        return false;
    }
}

bool shape_lacks_required(const struct shape *shape, const void *request) {
    for (uint32_t i = 0; i < shape->n; i++)
        if (lacks(&shape->members[i], (const char *)request + shape->members[i].offset))
            return true;
    return false;
}
