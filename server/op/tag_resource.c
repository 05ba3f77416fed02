/* TagResource: adds tags or gives them new values; the reply is empty (10 section 2). */
#include "table_resource.h"

struct request {
    struct str arn;
    struct struct_list tags; /* struct tag_spec */
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER_RESOURCE_ARN(OFF(arn)),
    MEMBER("Tags", M_LIST, OFF(tags), .of = &tag_shape),
};
static const struct member present[] = {MEMBER_RESOURCE_ARN_PRESENT(OFF(arn))};
static const struct stage stages[] = {{MEMBERS(present)}};
static const struct shape shape = {"TagResourceInput", sizeof(struct request), MEMBERS(members),
                                   .classic = STAGES(stages)};

static const struct member list[] = {MEMBER("Tags", M_LIST, OFF(tags), .flags = M_REQUIRED, .of = &unread_shape)};
static const struct stage list_stage = {MEMBERS(list)};

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    if (resource_check_arn(ctx, request->arn, &list_stage) != 0)
        return -1;
    if (!request->tags.n)
        return rule_broken(ctx, "Atleast one Tag needs to be provided as Input.");
    return rules_tags(ctx, request->tags.v, request->tags.n);
}

static void set_tag(struct table *table, const struct tag_spec *tag) {
    uint32_t i = 0;
    while (i < table->tags_n && !str_eq(table->tags[i].key, tag->key))
        i++;
    table->tags[i] = (struct tag){tag->key, tag->value};
    table->tags_n += i == table->tags_n;
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct tag_spec *tags = request->tags.v;
    struct table *table = resource_table(ctx, request->arn);
    if (!table)
        return -1;
    struct table changed = *table;
    changed.tags = ARENA_ARRAY(ctx->arena, struct tag, table->tags_n + request->tags.n);
    if (table->tags_n)
        memcpy(changed.tags, table->tags, sizeof *table->tags * table->tags_n);
    for (uint32_t i = 0; i < request->tags.n; i++)
        set_tag(&changed, &tags[i]);
    if (changed.tags_n > LIMIT_TAGS)
        return rules_too_many_tags(ctx);
    return op_store(ctx, table_save(ctx->m->catalogue, &changed, &table));
}

const struct op op_tag_resource = {
    .name = "TagResource",
    .shape = &shape,
    .faults = FAULTS_PLACED,
    .writes = true,
    .check = check,
    .run = run,
};
