/* ListTables: names in byte order, by pages of 100 (06 section 5). */
#include "table_members.h"

enum { PAGE_MOST = 100 };

struct request {
    struct str start;
    struct opt_int limit;
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER("Limit", M_INTEGER, OFF(limit), .flags = M_MIN | M_MAX, .min = 1, .max = PAGE_MOST),
    MEMBER("ExclusiveStartTableName", M_STRING, OFF(start), .flags = M_NAME_PATTERN | M_MIN | M_MAX, .min = 3,
           .max = 255),
};
static const struct shape shape = {"ListTablesInput", sizeof(struct request), MEMBERS(members)};

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    struct table *tables[PAGE_MOST + 1];
    struct buf *out = ctx->out;
    size_t most = request->limit.set ? (size_t)request->limit.value : PAGE_MOST;
    size_t n = table_list(ctx->m->catalogue, ctx->namespace, request->start, tables, most + 1);
    buf_put_lit(out, "{\"TableNames\":[");
    for (size_t i = 0; i < n && i < most; i++) {
        json_separate(out);
        json_put_text(out, tables[i]->name, true);
    }
    buf_put_lit(out, "]");
    if (n > most)
        json_member_text(out, "LastEvaluatedTableName", tables[most - 1]->name);
    buf_put_lit(out, "}");
    return 0;
}

const struct op op_list_tables = {.name = "ListTables", .shape = &shape, .run = run};
