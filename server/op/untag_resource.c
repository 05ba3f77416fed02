/* UntagResource: removes tags, those that are not there too; the reply is empty (10 section 2). */
#include "table_resource.h"

struct request {
    struct str arn;
    struct str_list keys;
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER_RESOURCE_ARN(OFF(arn)),
    MEMBER("TagKeys", M_STRINGS, OFF(keys)),
};
static const struct member present[] = {MEMBER_RESOURCE_ARN_PRESENT(OFF(arn))};
static const struct stage stages[] = {{MEMBERS(present)}};
static const struct shape shape = {"UntagResourceInput", sizeof(struct request), MEMBERS(members),
                                   .classic = STAGES(stages)};

static const struct member list[] = {MEMBER("TagKeys", M_STRINGS, OFF(keys), .flags = M_REQUIRED)};
static const struct stage list_stage = {MEMBERS(list)};

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    if (resource_check_arn(ctx, request->arn, &list_stage) != 0)
        return -1;
    if (!request->keys.n)
        return rule_broken(ctx, "Atleast one Tag Key needs to be provided as Input.");
    return request->keys.n > LIMIT_TAGS ? rules_too_many_tags(ctx) : 0;
}

static bool is_listed(const struct str_list *keys, struct str key) {
    for (uint32_t i = 0; i < keys->n; i++)
        if (str_eq(keys->v[i], key))
            return true;
    return false;
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    struct table *table = resource_table(ctx, request->arn);
    if (!table)
        return -1;
    struct table changed = *table;
    changed.tags = ARENA_ARRAY(ctx->arena, struct tag, table->tags_n);
    changed.tags_n = 0;
    for (uint32_t i = 0; i < table->tags_n; i++)
        if (!is_listed(&request->keys, table->tags[i].key))
            changed.tags[changed.tags_n++] = table->tags[i];
    return op_store(ctx, table_save(ctx->m->catalogue, &changed, &table));
}

const struct op op_untag_resource = {
    .name = "UntagResource",
    .shape = &shape,
    .faults = FAULTS_PLACED,
    .writes = true,
    .check = check,
    .run = run,
};
