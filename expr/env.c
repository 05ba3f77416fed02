/* The names and values maps of a request: their own faults, look-ups, and what no expression used. */
#include "env.h"

#include "limits.h"

#include <stdlib.h>

/* Entries are found through their first member. */
_Static_assert(offsetof(struct env_name, placeholder) == 0, "env_name begins with its placeholder");
_Static_assert(offsetof(struct env_value, placeholder) == 0, "env_value begins with its placeholder");

static int compare(const void *a, const void *b) { return str_cmp(**(struct str *const *)a, **(struct str *const *)b); }

static struct str **sorted(struct arena *arena, void *entries, uint32_t n, size_t entry_bytes) {
    struct str **order = ARENA_ARRAY(arena, struct str *, n);
    for (uint32_t i = 0; i < n; i++)
        order[i] = (struct str *)((char *)entries + i * entry_bytes);
    if (n > 1)
        qsort(order, n, sizeof *order, compare);
    return order;
}

static void *find(struct str **order, uint32_t n, struct str placeholder) {
    struct str *wanted = &placeholder;
    struct str **found = n ? bsearch(&wanted, order, n, sizeof *order, compare) : NULL;
    return found ? *found : NULL;
}

bool env_use_name(struct arena *arena, struct env *env, struct str placeholder, struct str *target) {
    if (!env->names_sorted)
        env->names_sorted = sorted(arena, env->names, env->names_n, sizeof *env->names);
    struct env_name *name = find(env->names_sorted, env->names_n, placeholder);
    if (!name)
        return false;
    name->used = true;
    *target = name->target;
    return true;
}

bool env_use_value(struct arena *arena, struct env *env, struct str placeholder, struct val *value) {
    if (!env->values_sorted)
        env->values_sorted = sorted(arena, env->values, env->values_n, sizeof *env->values);
    struct env_value *entry = find(env->values_sorted, env->values_n, placeholder);
    if (!entry)
        return false;
    entry->used = true;
    *value = entry->value;
    return true;
}

/* A sign and one or more of [A-Za-z0-9_]. */
static bool is_placeholder(struct str key, char sign) {
    if (key.len < 2 || key.p[0] != sign)
        return false;
    for (size_t i = 1; i < key.len; i++) {
        char c = key.p[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

/* The length comes before the syntax. */
static int check_name_key(struct str key, struct err *err) {
    if (key.len > LIMIT_PLACEHOLDER_BYTES)
        return err_msg(err, MSG_EXPR_NAMES_KEY_LENGTH, (unsigned)key.len);
    return is_placeholder(key, '#') ? 0 : err_msg(err, MSG_EXPR_NAMES_KEY, key);
}

static int check_value_key(struct str key, struct err *err) {
    if (key.len > LIMIT_PLACEHOLDER_BYTES)
        return err_msg(err, MSG_EXPR_VALUES_KEY_LENGTH);
    return is_placeholder(key, ':') ? 0 : err_msg(err, MSG_EXPR_VALUES_KEY, key);
}

static int check_names(const struct env *env, struct err *err) {
    if (env->has_names && env->names_n == 0)
        return err_msg(err, MSG_EXPR_NAMES_EMPTY);
    for (uint32_t i = 0; i < env->names_n; i++)
        if (check_name_key(env->names[i].placeholder, err) != 0)
            return -1;
    for (uint32_t i = 0; i < env->names_n; i++) {
        const struct env_name *name = &env->names[i];
        if (name->target.len == 0)
            return err_msg(err, MSG_EXPR_NAMES_TARGET, name->placeholder);
        if (name->target.len > LIMIT_ATTRIBUTE_NAME)
            return err_msg(err, MSG_EXPR_NAMES_TARGET_LENGTH, name->placeholder);
    }
    return 0;
}

static int check_values(const struct env *env, struct err *err) {
    if (env->has_values && env->values_n == 0)
        return err_msg(err, MSG_EXPR_VALUES_EMPTY);
    for (uint32_t i = 0; i < env->values_n; i++)
        if (check_value_key(env->values[i].placeholder, err) != 0)
            return -1;
    if (env->fault_placeholder.p)
        return err_msg(err, env->fault_wrap == WRAPPED ? MSG_EXPR_VALUE_WRAPPED : MSG_EXPR_VALUE_BARE, env->fault_text,
                       env->fault_placeholder);
    return 0;
}

/* Both maps together (11 section 1.3). */
static int check_sizes(const struct env *env, struct err *err) {
    size_t names = 0, values = 0;
    for (uint32_t i = 0; i < env->names_n; i++)
        names += env->names[i].placeholder.len + env->names[i].target.len;
    for (uint32_t i = 0; i < env->values_n; i++)
        values += env->values[i].placeholder.len + val_size(&env->values[i].value);
    if (names > LIMIT_PLACEHOLDERS_BYTES)
        return err_msg(err, MSG_EXPR_NAMES_SIZE);
    if (values > LIMIT_PLACEHOLDERS_BYTES)
        return err_msg(err, MSG_EXPR_VALUES_SIZE);
    return names + values > LIMIT_PLACEHOLDERS_BYTES ? err_msg(err, MSG_EXPR_MAPS_SIZE) : 0;
}

int env_check(const struct env *env, struct err *err) {
    if (check_names(env, err) != 0 || check_values(env, err) != 0)
        return -1;
    return check_sizes(env, err);
}

/* "#a, #b" in the order sent; nothing when all are used. */
struct unused {
    char *text;
    size_t len;
};

static void list(struct unused *unused, struct str placeholder) {
    struct str comma = unused->len ? STR(", ") : STR("");
    if (unused->text) {
        memcpy(unused->text + unused->len, comma.p, comma.len);
        memcpy(unused->text + unused->len + comma.len, placeholder.p, placeholder.len);
    }
    unused->len += comma.len + placeholder.len;
}

static void list_names(const struct env *env, struct unused *unused) {
    for (uint32_t i = 0; i < env->names_n; i++)
        if (!env->names[i].used)
            list(unused, env->names[i].placeholder);
}

static void list_values(const struct env *env, struct unused *unused) {
    for (uint32_t i = 0; i < env->values_n; i++)
        if (!env->values[i].used)
            list(unused, env->values[i].placeholder);
}

static int check_unused(const struct env *env, void (*list_all)(const struct env *env, struct unused *unused),
                        enum msg_id id, struct err *err) {
    struct unused unused = {0};
    list_all(env, &unused);
    if (unused.len == 0)
        return 0;
    unused = (struct unused){.text = arena_alloc(err->arena, unused.len)};
    list_all(env, &unused);
    return err_msg(err, id, str_make(unused.text, unused.len));
}

int env_check_unused(const struct env *env, struct err *err) {
    if (check_unused(env, list_names, MSG_EXPR_NAMES_UNUSED, err) != 0)
        return -1;
    return check_unused(env, list_values, MSG_EXPR_VALUES_UNUSED, err);
}
