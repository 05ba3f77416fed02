/* The text of a pattern to what matching wants, or a sentence that says where it is wrong and how. The rules are those
   of EventBridge's patterns (its user guide; aws/event-ruler has them as code). */
#include "pattern_parts.h"

enum { DEPTH_MAX = 100 }; /* an item's values nest 32 deep: 64 of JSON, below dynamodb.NewImage */

struct compiler {
    struct tape tape;
    struct arena *arena;
    const char **why;
};

/* The way from the top to where the compiler is. */
struct place {
    const struct place *outer; /* NULL: the top */
    struct str name;
    int depth;
};

static struct str path_of(const struct compiler *x, const struct place *place) {
    if (!place->outer)
        return STR("the pattern");
    if (!place->outer->outer)
        return place->name;
    return arena_printf(x->arena, "%S.%S", path_of(x, place->outer), place->name);
}

static int refuse(const struct compiler *x, const struct place *place, const char *what) {
    *x->why = arena_printf(x->arena, "%S %s", path_of(x, place), what).p;
    return -1;
}

/* --- leaves ------------------------------------------------------------------------------------------------------- */

static int compile_leaf(const struct compiler *x, const struct place *place, const struct token *array,
                        struct rules *out) {
    const struct token *element = x->tape.tokens + array->first;
    if (!array->count)
        return refuse(x, place, "is empty: a leaf is an array of one or more values or operators");
    struct rule *all = ARENA_ARRAY(x->arena, struct rule, array->count);
    for (uint32_t i = 0; i < array->count; i++, element = x->tape.tokens + element->next) {
        const char *why;
        if (rule_compile(&all[i], &x->tape, element, x->arena, &why) != 0)
            return refuse(x, place, arena_printf(x->arena, "has %s", why).p);
    }
    *out = (struct rules){all, array->count};
    return 0;
}

/* --- objects ------------------------------------------------------------------------------------------------------ */

static int compile_object(const struct compiler *x, const struct place *place, const struct token *object,
                          struct pattern *out);

static const struct pattern *compile_inner(const struct compiler *x, const struct place *place,
                                           const struct token *object) {
    struct pattern *inner = ARENA_NEW(x->arena, struct pattern);
    return compile_object(x, place, object, inner) == 0 ? inner : NULL;
}

static const char or_takes[] = "has a $or that is no array of two or more objects";

static int compile_or(const struct compiler *x, const struct place *place, const struct token *array,
                      struct pattern *out) {
    if (array->type != TOKEN_ARRAY || array->count < 2)
        return refuse(x, place, or_takes);
    const struct pattern **either = ARENA_ARRAY(x->arena, const struct pattern *, array->count);
    const struct token *element = x->tape.tokens + array->first;
    for (uint32_t i = 0; i < array->count; i++, element = x->tape.tokens + element->next) {
        if (element->type != TOKEN_OBJECT)
            return refuse(x, place, or_takes);
        either[i] = compile_inner(x, &(struct place){place->outer, place->name, place->depth + 1}, element);
        if (!either[i])
            return -1;
    }
    out->either = either;
    out->either_n = array->count;
    return 0;
}

static int compile_field(const struct compiler *x, const struct place *place, const struct token *value,
                         struct field *out) {
    out->name = place->name;
    if (value->type == TOKEN_ARRAY)
        return compile_leaf(x, place, value, &out->leaf);
    if (value->type != TOKEN_OBJECT)
        return refuse(x, place, "is neither an object nor an array: a value stands in an array, as in [\"INSERT\"]");
    out->inner = compile_inner(x, place, value);
    return out->inner ? 0 : -1;
}

static int compile_object(const struct compiler *x, const struct place *place, const struct token *object,
                          struct pattern *out) {
    struct field *fields = ARENA_ARRAY(x->arena, struct field, object->count);
    const struct token *name = x->tape.tokens + object->first;
    if (!object->count)
        return refuse(x, place, "is an object without members");
    if (place->depth > DEPTH_MAX)
        return refuse(x, place, "is nested too deeply");
    for (uint32_t i = 0; i < object->count; i++, name = x->tape.tokens + name[1].next) {
        struct str text = arena_copy(x->arena, token_text(&x->tape, name, x->arena));
        struct place inner = {place, text, place->depth + 1};
        if (str_eq(text, STR("$or")) ? compile_or(x, place, name + 1, out)
                                     : compile_field(x, &inner, name + 1, &fields[out->fields_n++]))
            return -1;
    }
    out->fields = fields;
    return 0;
}

const struct pattern *pattern_compile(struct arena *arena, struct str json, const char **why) {
    struct compiler x = {.arena = arena, .why = why};
    struct place top = {NULL, STR_NONE, 0};
    if (json.len > PATTERN_BYTES_MAX)
        (void)refuse(&x, &top, "has more than 4096 bytes");
    else if (tape_parse(&x.tape, arena, json) != TAPE_OK)
        (void)refuse(&x, &top, "is no JSON");
    else if (x.tape.tokens[0].type != TOKEN_OBJECT)
        (void)refuse(&x, &top, "is no JSON object");
    else
        return compile_inner(&x, &top, x.tape.tokens);
    return NULL;
}
