#include "expressions.h"

int expressions_alone(struct ctx *ctx, const struct expression_texts *texts, struct err *err) {
    (void)ctx;
    bool uses_values = texts->update.p || texts->condition.p || texts->key_condition.p || texts->filter.p;
    if (texts->names && texts->names->set && !uses_values && !texts->projection.p)
        return err_msg(err, MSG_NAMES_WITHOUT_EXPRESSION);
    if (texts->values && texts->values->set && !uses_values)
        return err_msg(err, MSG_VALUES_WITHOUT_EXPRESSION, texts->without_expression);
    return 0;
}

static void fill_names(struct ctx *ctx, struct env *env, const struct str_map *names) {
    env->has_names = true;
    env->names_n = names->n;
    env->names = ARENA_ARRAY(ctx->arena, struct env_name, names->n);
    for (uint32_t i = 0; i < names->n; i++)
        env->names[i] = (struct env_name){names->keys[i], names->values[i], false};
}

static void fill_values(struct ctx *ctx, struct env *env, const struct attrs *values) {
    env->has_values = true;
    env->fault_placeholder = values->fault.entry;
    env->fault_text = values->fault.text;
    env->fault_wrap = values->fault.wrap;
    env->values_n = values->map.count;
    env->values = ARENA_ARRAY(ctx->arena, struct env_value, values->map.count);
    struct val_iter iter = val_iter(&values->map);
    bool plain;
    for (uint32_t i = 0; i < values->map.count; i++) {
        struct env_value *value = &env->values[i];
        if (!val_next_entry(&iter, &value->placeholder, &plain, &value->value)) {
            env->values_n = i;
            break;
        }
    }
}

int expressions_read_maps(struct ctx *ctx, const struct expression_texts *texts, struct err *err,
                          struct expressions *out) {
    struct env *env = &out->env;
    *out = (struct expressions){0};
    if (texts->names && texts->names->set)
        fill_names(ctx, env, texts->names);
    if (texts->values && texts->values->set)
        fill_values(ctx, env, texts->values);
    return env_check(env, err);
}

int expressions_read_texts(struct ctx *ctx, const struct expression_texts *texts, struct err *err,
                           struct expressions *out) {
    struct env *env = &out->env;
    struct arena *arena = ctx->arena;
    bool empty = texts->condition.p && !texts->condition.len; /* comes before the update (14 section 2.11) */
    if (texts->update.p && !empty && !(out->update = update_parse(arena, texts->update, env, err)))
        return -1;
    if (texts->condition.p && !(out->condition = cond_parse(arena, texts->condition, EXPR_CONDITION, env, err)))
        return -1;
    if (texts->key_condition.p && !(out->key_condition = keycond_parse(arena, texts->key_condition, env, err)))
        return -1;
    if (texts->filter.p && !(out->condition = cond_parse(arena, texts->filter, EXPR_FILTER, env, err)))
        return -1;
    if (texts->projection.p && !(out->projection = projection_parse(arena, texts->projection, env, err)))
        return -1;
    return 0;
}

int expressions_parse(struct ctx *ctx, const struct expression_texts *texts, struct err *err, struct expressions *out) {
    if (expressions_read_maps(ctx, texts, err, out) != 0 || expressions_read_texts(ctx, texts, err, out) != 0)
        return -1;
    return env_check_unused(&out->env, err);
}

int expressions_check_paths(const struct table *table, const struct path *path, struct err *err) {
    if (path->n < 2)
        return 0;
    if (key_schema_has(&table->key, path->steps[0].name))
        return err_msg(err, MSG_KEY_NOT_SCALAR, path->steps[0].name);
    for (uint32_t i = 0; i < table->indexes_n; i++)
        if (key_schema_has(&table->indexes[i].key, path->steps[0].name))
            return err_msg(err, MSG_INDEX_KEY_NOT_SCALAR, path->steps[0].name);
    return 0;
}

struct path_check {
    const struct table *table;
    struct err *err;
};

static int check_path(void *data, const struct path *path) {
    const struct path_check *check = data;
    return expressions_check_paths(check->table, path, check->err);
}

int expressions_check_condition(const struct table *table, const struct cond *cond, struct err *err) {
    struct path_check check = {table, err};
    return cond ? cond_paths(cond, check_path, &check) : 0;
}

int expressions_check_operands(const struct table *table, const struct update *update, struct err *err) {
    struct path_check check = {table, err};
    return update ? update_operand_paths(update, check_path, &check) : 0;
}

int expressions_check_projection(const struct table *table, const struct projection_tree *projection, struct err *err) {
    struct path_check check = {table, err};
    return projection ? projection_paths(projection, check_path, &check) : 0;
}
