/* Any bytes as JSON: every token is looked at, then the text is read as an AttributeValue and as a request, in both
   wordings. A value that is sound must come back the same through the writer. */
#include "shape.h"
#include "write.h"

#include "common.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct inner {
    struct attr value;
    struct opt_bool flag;
    struct struct_list keys;
};

struct outer {
    struct str name, wanted;
    struct opt_int limit, time;
    struct attrs item, values;
    struct str_list strings;
    struct str_map names;
    struct attr_list list;
    struct inner *one;
    struct struct_list many;
    struct struct_map map, lists;
};

#define IN(member) offsetof(struct inner, member)
static const struct member inner_members[] = {
    MEMBER("Value", M_ATTR, IN(value), .flags = M_REQUIRED),
    MEMBER("Flag", M_BOOL, IN(flag)),
    MEMBER("Keys", M_ATTRS_LIST, IN(keys), .flags = M_MIN, .min = 1),
};
static const struct shape inner = {.java = "Inner", .bytes = sizeof(struct inner), MEMBERS(inner_members)};

/* One letter a name: a fuzzer finds these. */
#define OUT(member) offsetof(struct outer, member)
static const struct member outer_members[] = {
    {"N", M_STRING, M_NAME_PATTERN | M_MIN | M_MAX | M_ARN, OUT(name), .min = 3, .max = 255},
    MEMBER_ENUM("W", OUT(wanted), enum_return_values),
    MEMBER("L", M_INTEGER, OUT(limit), .flags = M_MIN, .min = 1),
    MEMBER("T", M_TIMESTAMP, OUT(time), .flags = M_MAX, .max = 1),
    MEMBER("I", M_ATTRS, OUT(item), .flags = M_MAX, .max = 1),
    MEMBER("V", M_ATTRS, OUT(values), .flags = M_PLACEHOLDERS | M_DEEPER),
    MEMBER("S", M_STRINGS, OUT(strings), .flags = M_MAX, .max = 1),
    MEMBER("E", M_STRING_MAP, OUT(names), .flags = M_MAX, .max = 1),
    MEMBER("A", M_ATTR_LIST, OUT(list), .flags = M_MAX, .max = 1),
    MEMBER("O", M_STRUCT, OUT(one), .of = &inner),
    MEMBER("X", M_LIST, OUT(many), .of = &inner, .flags = M_MAX, .max = 1),
    MEMBER("M", M_MAP, OUT(map), .of = &inner, .flags = M_KEY_RULES),
    MEMBER("G", M_MAP_OF_LISTS, OUT(lists), .of = &inner, .flags = M_KEY_RULES | M_VALUE_RULES),
};
static const struct stage stages[] = {{MEMBERS(outer_members)}};
static const struct shape outer = {
    .java = "Outer", .bytes = sizeof(struct outer), MEMBERS(outer_members), .modern = STAGES(stages)};

static void look_at_tokens(const struct tape *tape, struct arena *arena) {
    for (uint32_t i = 0; i < tape->n; i++) {
        const struct token *token = &tape->tokens[i];
        ENSURE(token->next > i || token->type == TOKEN_STRING);
        if (token->type == TOKEN_STRING) {
            struct str text = token_text(tape, token, arena);
            ENSURE(val_is_plain(text) == token->plain);
        } else if (token->type == TOKEN_OBJECT) {
            (void)tape_member(tape, token, STR("S"));
        }
    }
}

static struct buf encode(const struct tape *tape, struct arena *arena, enum validation layer, bool *sound) {
    struct err err;
    struct value_fault fault = {0};
    struct buf out;
    buf_init(&out, SIZE_MAX);
    err_init(&err, arena, layer);
    *sound = value_decode(tape, &tape->tokens[0], &out, &fault, arena, &err) == 0 && !fault.text.p;
    return out;
}

static void read_value(const struct tape *tape, struct arena *arena, enum validation layer) {
    bool sound;
    struct buf first = encode(tape, arena, layer, &sound);
    if (sound) {
        struct val value;
        const uint8_t *at = (const uint8_t *)first.p;
        ENSURE(val_is_valid(buf_str(&first)));
        ENSURE(val_read(&value, at, at + first.len) == at + first.len);
        struct buf json;
        buf_init(&json, SIZE_MAX);
        json_put_val(&json, &value, SET_HASHED);
        struct tape again;
        ENSURE(tape_parse(&again, arena, buf_str(&json)) == TAPE_OK);
        struct buf second = encode(&again, arena, layer, &sound);
        ENSURE(sound && str_eq(buf_str(&first), buf_str(&second)));
        buf_free(&second);
        buf_free(&json);
    }
    buf_free(&first);
}

static void read_request(const struct tape *tape, struct arena *arena, enum validation layer) {
    struct outer request = {0};
    struct err err;
    err_init(&err, arena, layer);
    if (tape->tokens[0].type == TOKEN_OBJECT &&
        shape_decode(&outer, tape, &tape->tokens[0], &request, arena, &err) == 0 &&
        shape_check(&outer, &request, &err) != 0)
        ENSURE(err.code == ERR_VALIDATION && err.message.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena;
    struct tape tape;
    arena_init(&arena, 1 << 16);
    if (tape_parse(&tape, &arena, str_make(data, size)) == TAPE_OK) {
        look_at_tokens(&tape, &arena);
        for (int layer = VALIDATION_CLASSIC; layer <= VALIDATION_2026; layer++) {
            read_value(&tape, &arena, (enum validation)layer);
            read_request(&tape, &arena, (enum validation)layer);
        }
    }
    arena_free(&arena);
    return 0;
}
