/* ListTagsOfResource: ten tags a page; the token is the base64 of the last key (10 section 2). */
#include "table_resource.h"
#include "text.h"

enum { PAGE_TAGS = 10 };

struct request {
    struct str arn, token;
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER_RESOURCE_ARN(OFF(arn)),
    MEMBER("NextToken", M_STRING, OFF(token)),
};
static const struct member present[] = {MEMBER_RESOURCE_ARN_PRESENT(OFF(arn))};
static const struct stage stages[] = {{MEMBERS(present)}};
static const struct shape shape = {"ListTagsOfResourceInput", sizeof(struct request), MEMBERS(members),
                                   .classic = STAGES(stages)};

static int check(struct ctx *ctx) {
    const struct request *request = ctx->request;
    return resource_check_arn(ctx, request->arn, NULL);
}

static struct str token_of(struct ctx *ctx, struct str key) {
    size_t len = base64_length(key.len);
    char *text = arena_alloc(ctx->arena, len);
    base64_encode(key, text);
    return str_make(text, len);
}

/* The place behind the token's tag; 0, page one, for what is no token of this table. */
static uint32_t place_of(struct ctx *ctx, const struct table *table, struct str token) {
    for (uint32_t i = 0; token.len && i < table->tags_n; i++)
        if (str_eq(token_of(ctx, table->tags[i].key), token))
            return i + 1;
    return 0;
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    const struct table *table = resource_table(ctx, request->arn);
    if (!table)
        return -1;
    uint32_t from = place_of(ctx, table, request->token);
    uint32_t end = table->tags_n - from > PAGE_TAGS ? from + PAGE_TAGS : table->tags_n;
    buf_put_lit(ctx->out, "{\"Tags\":[");
    for (uint32_t i = from; i < end; i++) {
        json_separate(ctx->out);
        buf_put_lit(ctx->out, "{");
        json_member_text(ctx->out, "Key", table->tags[i].key);
        json_member_text(ctx->out, "Value", table->tags[i].value);
        buf_put_lit(ctx->out, "}");
    }
    buf_put_lit(ctx->out, "]");
    if (end < table->tags_n)
        json_member_text(ctx->out, "NextToken", token_of(ctx, table->tags[end - 1].key));
    buf_put_lit(ctx->out, "}");
    return 0;
}

const struct op op_list_tags_of_resource = {
    .name = "ListTagsOfResource",
    .shape = &shape,
    .faults = FAULTS_PLACED,
    .check = check,
    .run = run,
};
