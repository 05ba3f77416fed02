/* One AttributeValue of JSON to encoded bytes (val.h). What cannot be read is a SerializationException at once; what
   can be read and is refused later is remembered, and something well formed is encoded in its place. Recursion is
   bounded by the tape: a level of values takes two of JSON. */
#include "value.h"

#include "num.h"
#include "scalar.h"
#include "text.h"

/* A value inside 63 containers sends its request to the classic layer (14 section 1.3). */
enum { FALL_BACK_LEVEL = 64 };

/* --- faults ------------------------------------------------------------------------------------------------------- */

/* Texts that come without the start key's prefix (02 section 2; 2026: 14 section 10.6). */
static bool is_bare_in_start_key(const struct value_reader *x, enum fault_rank rank, bool number_set) {
    if (x->err->validation == VALIDATION_2026)
        return rank != RANK_SHAPE;
    return rank == RANK_NUMBER || rank == RANK_DUPLICATE || number_set;
}

static bool wants(const struct value_reader *x, enum fault_kind kind) {
    return !x->fault->text.p || kind < x->fault->kind;
}

static void remember(struct value_reader *x, enum fault_kind kind, enum fault_rank rank, struct str text,
                     bool bare_in_start_key) {
    *x->fault = (struct value_fault){
        .text = text,
        .wrap = rank == RANK_SHAPE ? BARE : WRAPPED,
        .kind = kind,
        .bare_in_start_key = bare_in_start_key,
        .too_deep = x->fault->too_deep,
    };
    x->rank = rank;
}

void value_fault_text(struct value_reader *x, enum fault_rank rank, struct str text) {
    if (wants(x, FAULT_VALUE))
        remember(x, FAULT_VALUE, rank, text, is_bare_in_start_key(x, rank, false));
}

void value_fault_msg(struct value_reader *x, enum fault_rank rank, enum msg_id id) {
    if (wants(x, FAULT_VALUE))
        remember(x, FAULT_VALUE, rank, err_text(x->err, id), is_bare_in_start_key(x, rank, id == MSG_SET_N_EMPTY));
}

static void fault_of(struct value_reader *x, enum fault_kind kind, struct str text) {
    if (wants(x, kind))
        remember(x, kind, RANK_INSIDE, text, x->err->validation == VALIDATION_2026);
}

/* --- numbers and bytes -------------------------------------------------------------------------------------------- */

/* Whether the text is canonical at first sight: no sign but '-', no zero that is not needed, no exponent, at most 38
   characters. Most numbers are. */
static bool is_plain_number(struct str text) {
    size_t at = text.len && text.p[0] == '-', point = text.len;
    if (at == text.len || text.len > LIMIT_NUMBER_DIGITS || text.p[at] == '.')
        return false;
    bool zero = text.p[at] == '0';
    if (zero && text.len - at > 1 && text.p[at + 1] != '.')
        return false;
    if (zero && text.len - at == 1)
        return at == 0;
    for (; at < text.len; at++) {
        if (text.p[at] == '.' && point == text.len)
            point = at;
        else if (text.p[at] < '0' || text.p[at] > '9')
            return false;
    }
    return point == text.len || text.p[text.len - 1] > '0';
}

static void number_fault(struct value_reader *x, enum num_rc rc, struct str sent) {
    if (!wants(x, FAULT_VALUE))
        return;
    struct err err;
    err_init(&err, x->arena, x->err->validation);
    (void)num_fault(&err, rc, sent);
    value_fault_text(x, RANK_NUMBER, err.message);
}

struct str value_number(struct value_reader *x, struct str sent) {
    if (is_plain_number(sent))
        return sent;
    struct num number;
    enum num_rc rc = num_parse(&number, sent, x->err->validation);
    if (rc != NUM_OK) {
        number_fault(x, rc, sent);
        return sent;
    }
    char text[NUM_TEXT_MAX];
    return arena_copy(x->arena, str_make(text, num_format(&number, text)));
}

int value_blob(struct value_reader *x, const struct token *token, struct str *out) {
    if (token->type != TOKEN_STRING)
        return mismatch_blob(x->err, token);
    struct str text = token_text(x->tape, token, x->arena);
    uint8_t *bytes = arena_alloc(x->arena, text.len / 4 * 3);
    size_t len = 0;
    switch (base64_decode(text, bytes, &len)) {
    case BASE64_OK:
        *out = str_make(bytes, len);
        return 0;
    case BASE64_LENGTH:
        return err_set(x->err, ERR_SERIALIZATION,
                       "Base64 encoded length is expected a multiple of 4 bytes but found: %u", (unsigned)text.len);
    default:
        return err_set(x->err, ERR_SERIALIZATION, "Invalid last non-pad Base64 character dectected");
    }
}

/* --- one member of a value ---------------------------------------------------------------------------------------- */

static int read_text(struct value_reader *x, enum val_type type, const struct token *token) {
    if (token->type != TOKEN_STRING)
        return mismatch_scalar(x->err, token, "String");
    struct str text = token_text(x->tape, token, x->arena);
    if (type == VAL_S)
        val_put_scalar(x->out, VAL_S, token->plain, text);
    else
        val_put_scalar(x->out, VAL_N, true, value_number(x, text));
    return 0;
}

static int read_blob(struct value_reader *x, const struct token *token) {
    struct str bytes;
    if (value_blob(x, token, &bytes) != 0)
        return -1;
    val_put_scalar(x->out, VAL_B, false, bytes);
    return 0;
}

static int read_boolean(struct value_reader *x, enum val_type type, const struct token *token) {
    bool value;
    if (!scalar_boolean(x->tape, token, x->arena, &value))
        return mismatch_boolean(x->err, token);
    if (token->type == TOKEN_STRING)
        x->falls_back = true;
    if (type == VAL_BOOL) {
        val_put_bool(x->out, value);
        return 0;
    }
    if (!value)
        value_fault_msg(x, RANK_NULL_FALSE, MSG_NULL_FALSE);
    val_put_null(x->out);
    return 0;
}

static int read_list(struct value_reader *x, const struct token *token, int level) {
    if (token->type != TOKEN_ARRAY)
        return mismatch_list(x->err, token);
    size_t mark = val_begin(x->out, VAL_L);
    const struct token *element = x->tape->tokens + token->first;
    uint32_t n = 0;
    for (uint32_t i = 0; i < token->count; i++, element = x->tape->tokens + element->next) {
        if (element->type == TOKEN_NULL)
            continue;
        if (value_read_element(x, element, level + 1) != 0)
            return -1;
        n++;
    }
    val_end(x->out, mark, n);
    return 0;
}

static int read_map(struct value_reader *x, const struct token *token, int level) {
    if (token->type != TOKEN_OBJECT)
        return mismatch_map(x->err, token, JAVA_PACKAGE "AttributeValue");
    size_t mark = val_begin(x->out, VAL_M);
    uint32_t n;
    if (value_read_entries(x, token, level + 1, (struct entries_kind){0}, &n) != 0)
        return -1;
    val_end(x->out, mark, n);
    return 0;
}

static int read_typed(struct value_reader *x, enum val_type type, const struct token *token, int level) {
    switch (type) {
    case VAL_S:
    case VAL_N:
        return read_text(x, type, token);
    case VAL_B:
        return read_blob(x, token);
    case VAL_BOOL:
    case VAL_NULL:
        return read_boolean(x, type, token);
    case VAL_L:
        return read_list(x, token, level);
    case VAL_M:
        return read_map(x, token, level);
    default:
        return value_read_set(x, type, token);
    }
}

/* --- a value ------------------------------------------------------------------------------------------------------ */

/* The type that a member sets, VAL_NONE when it is unknown or null. */
static enum val_type type_of_member(const struct value_reader *x, const struct token *name) {
    if (name[1].type == TOKEN_NULL)
        return VAL_NONE;
    return val_type_of(token_text(x->tape, name, x->arena));
}

static bool is_more_urgent(const struct value_fault *a, int a_rank, const struct value_fault *b, int b_rank) {
    if (!a->text.p || !b->text.p)
        return a->text.p;
    return a->kind != b->kind ? a->kind < b->kind : a_rank < b_rank;
}

/* Reads every member, keeps the bytes of the first, and remembers the fault that counts most. */
static int read_several(struct value_reader *x, const struct token *object, int level) {
    struct value_fault *outer = x->fault, most = {0};
    int outer_rank = x->rank, most_rank = RANK_SHAPE;
    size_t kept = 0;
    bool too_deep = outer->too_deep;
    const struct token *name = x->tape->tokens + object->first;
    for (uint32_t i = 0; i < object->count; i++, name = x->tape->tokens + name[1].next) {
        enum val_type type = type_of_member(x, name);
        if (type == VAL_NONE)
            continue;
        struct value_fault own = {0};
        x->fault = &own;
        int rc = read_typed(x, type, name + 1, level);
        int rank = type == VAL_L || type == VAL_M ? RANK_INSIDE : x->rank;
        x->fault = outer;
        x->rank = outer_rank;
        if (rc != 0)
            return -1;
        too_deep |= own.too_deep;
        if (is_more_urgent(&own, rank, &most, most_rank)) {
            most = own;
            most_rank = rank;
        }
        if (!kept)
            kept = x->out->len;
        x->out->len = kept;
    }
    if (!most.text.p)
        value_fault_msg(x, RANK_SHAPE, MSG_VALUE_SEVERAL);
    else if (wants(x, most.kind))
        *x->fault = most, x->rank = most_rank;
    x->fault->too_deep = too_deep;
    x->falls_back = true;
    return 0;
}

static void check_level(struct value_reader *x, int level) {
    enum fault_kind kind = x->depth_last ? FAULT_DEPTH_LAST : FAULT_DEPTH;
    if (level > x->levels_most) {
        if (wants(x, kind))
            fault_of(x, kind, err_text(x->err, MSG_NESTING));
        x->fault->too_deep = true;
    }
    if (level >= FALL_BACK_LEVEL)
        x->falls_back = true;
}

static int read_value(struct value_reader *x, const struct token *object, int level) {
    const struct token *name = x->tape->tokens + object->first, *only = NULL;
    enum val_type only_type = VAL_NONE;
    check_level(x, level);
    for (uint32_t i = 0; i < object->count; i++, name = x->tape->tokens + name[1].next) {
        enum val_type type = type_of_member(x, name);
        if (type == VAL_NONE)
            continue;
        if (only)
            return read_several(x, object, level);
        only = name + 1;
        only_type = type;
    }
    if (only)
        return read_typed(x, only_type, only, level);
    value_fault_msg(x, RANK_SHAPE, MSG_VALUE_EMPTY);
    val_put_null(x->out);
    return 0;
}

int value_read_element(struct value_reader *x, const struct token *token, int level) {
    if (token->type != TOKEN_OBJECT)
        return mismatch_structure(x->err, token, "AttributeValue", PLACE_ELEMENT);
    return read_value(x, token, level);
}

int value_read_member(struct value_reader *x, const struct token *token) {
    if (token->type != TOKEN_OBJECT)
        return mismatch_structure(x->err, token, "AttributeValue", PLACE_MEMBER);
    return read_value(x, token, 1);
}

static void check_name(struct value_reader *x, struct str name) {
    if (!name.len && wants(x, FAULT_NAME))
        fault_of(x, FAULT_NAME, err_text(x->err, MSG_NAME_EMPTY));
    else if (name.len > LIMIT_ATTRIBUTE_NAME)
        value_fault_msg(x, RANK_INSIDE, MSG_NAME_LONG);
}

int value_read_entries(struct value_reader *x, const struct token *object, int level, struct entries_kind kind,
                       uint32_t *count) {
    const struct token *token = x->tape->tokens + object->first;
    *count = 0;
    for (uint32_t i = 0; i < object->count; i++, token = x->tape->tokens + token[1].next) {
        if (token[1].type == TOKEN_NULL)
            continue;
        struct str name = token_text(x->tape, token, x->arena);
        enum fault_kind before = x->fault->kind;
        if (!kind.placeholders)
            check_name(x, name);
        val_put_name(x->out, name, token->plain);
        if (value_read_element(x, token + 1, level) != 0)
            return -1;
        if (kind.top && x->fault->kind != before)
            x->fault->entry = name;
        ++*count;
    }
    return 0;
}

int value_decode(const struct tape *tape, const struct token *token, struct buf *out, struct value_fault *fault,
                 struct arena *arena, struct err *err) {
    struct value_reader x = {
        .tape = tape, .arena = arena, .err = err, .out = out, .fault = fault, .levels_most = LIMIT_NESTING};
    return value_read_member(&x, token);
}

int value_fault_report(const struct value_fault *fault, struct err *err) {
    if (!fault->text.p)
        return 0;
    bool wrap = fault->wrap == WRAPPED && err->wraps && err->validation == VALIDATION_2026;
    return err_set(err, ERR_VALIDATION, "%s%S", wrap ? "1 validation error detected: " : "", fault->text);
}

int value_fault_report_kind(const struct value_fault *fault, enum fault_kind kind, struct err *err) {
    return fault->kind == kind ? value_fault_report(fault, err) : 0;
}
