/* One operation, one file in op/: a request struct, its member table, `check`, `run`, and the struct op at the foot,
   named op_<file>. The build collects the folder, so a new operation touches one file.

   dispatch.c runs every call through the same stages, and their order is behaviour (05 section 1):
     tape -> operation -> auth -> shape_decode -> shape_check -> op->check -> table lookup -> op->aim -> op->run
   `check` is all that needs no table; `aim` is what needs no items, and says which record `run` reads first; `run` is
   the rest and writes the reply body. All return 0 or -1 with ctx->err. */
#ifndef MAGNETO_OP_H
#define MAGNETO_OP_H

#include "core.h"
#include "shape.h"
#include "object.h"

struct op;

struct ctx {
    struct magneto *m;
    const struct op *op;
    struct arena *arena; /* the request's memory */
    struct err err;
    struct str access_key, region, namespace, host;
    int64_t now_ms;
    void *request;           /* of op->shape */
    void *state;             /* what check and aim leave for run */
    struct store_look first; /* the record that run reads first, when the operation has an aim */
    struct table *table;     /* of op->table_member, when it has one */
    struct buf *out;         /* the reply body; an error replaces what is in it */
    int64_t delay_ms;        /* that faults ask for: the reply is sent so much later */
};

enum op_service { OP_DYNAMODB, OP_STREAMS };

/* What faults an operation can be asked for (fault/). */
enum op_faults {
    FAULTS_PLACED = 1 << 0,  /* run asks for them, behind its checks; for the others dispatch does, before run */
    FAULTS_ITEMS = 1 << 1,   /* it reads or writes items, so it can be short of throughput */
    FAULTS_KEYS = 1 << 2,    /* it names items by key */
    FAULTS_BATCH = 1 << 3,   /* it can leave entries unprocessed */
    FAULTS_CONFLICT = 1 << 4 /* it can meet a transaction that is under way */
};

enum op_lookup {
    LOOKUP_NONE,
    LOOKUP_ITEM,   /* by name or ARN: "Requested resource not found"; CREATING and DELETING tables are not there */
    LOOKUP_CONTROL /* "Requested resource not found: Table: <name> not found"; any state */
};

struct op {
    const char *name; /* "PutItem" */
    enum op_service service;
    const struct shape *shape;
    bool writes; /* opens the write transaction before run */
    bool wraps;  /* PutItem, UpdateItem, DeleteItem: the 2026 layer wraps (14 section 2.10) */
    enum op_lookup lookup;
    uint8_t faults;                /* enum op_faults */
    size_t table_member;           /* offset of the struct str with the table's name or ARN */
    int (*check)(struct ctx *ctx); /* NULL: nothing to check */
    int (*aim)(struct ctx *ctx);   /* ends with ctx->first.key; other calls may come before run, none of which
                                      writes. NULL: run does everything */
    int (*run)(struct ctx *ctx);
};

/* NULL when there is no such operation. */
const struct op *op_find(enum op_service service, struct str name);
/* All of them by name; NULL behind the last one. */
const struct op *op_at(size_t place);

/* The table of a name or ARN in the caller's namespace; the errors of `lookup`. NULL on error. */
struct table *op_table(struct ctx *ctx, struct str name_or_arn, enum op_lookup lookup);

/* The name in a name or ARN; an ARN must be a table's of the caller's region. */
int op_table_name(struct ctx *ctx, struct str name_or_arn, struct str *name) MUST_USE;

#define OP_INTERNAL_TEXT "The request processing has failed because of an unknown error."

/* Storage trouble to InternalServerError, detail to the log; 0 for STORE_OK. Not for STORE_NOT_FOUND. */
int op_store(struct ctx *ctx, enum store_rc rc) MUST_USE;

#endif
