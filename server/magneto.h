/* magneto as a library: the DynamoDB JSON protocol in process. This is the only header a program needs, and the only
   one that server/http and the command line use.

   One thread calls into one magneto, except for the functions marked [any thread]. Nothing here blocks on the network.
   Text is UTF-8; lengths are in bytes; times are milliseconds since 1970. Unless said otherwise pointers that go in are
   only read during the call. */
#ifndef MAGNETO_H
#define MAGNETO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MAGNETO_API __attribute__((visibility("default")))

typedef struct magneto magneto;

typedef struct magneto_options {
    const char *directory;         /* where magneto.mdb lies; NULL: in memory, no file at all */
    bool shared;                   /* one namespace for every access key and region (-sharedDb) */
    bool sync_always;              /* durable at every commit, power cuts included; else flushed about once a second */
    bool delay_transient_states;   /* tables stay CREATING, UPDATING and DELETING for a while */
    int64_t ttl_delay_ms;          /* from an item's expiry to its removal; not negative */
    bool validation_2026;          /* the service's newer wording of validation errors; default: the classic one */
    int64_t (*now_ms)(void *data); /* NULL: the system clock */
    void *now_data;
    bool clock_is_set; /* the clock begins at clock_ms */
    int64_t clock_ms;
    bool clock_is_frozen; /* the clock stands still until it is told otherwise */
    /* One line without its end, for the log; NULL: none. level 0 error, 1 warning, 2 information. */
    void (*log)(void *data, int level, const char *line);
    void *log_data;
} magneto_options;

/* Opens the data. On failure returns NULL and *why is one sentence that says what is wrong and what to do; it lives
   until the process ends. options NULL: in memory with defaults. */
MAGNETO_API magneto *magneto_open(const magneto_options *options, const char **why);

/* Commits what is open, flushes, marks the file as cleanly closed. */
MAGNETO_API void magneto_close(magneto *m);

MAGNETO_API const char *magneto_version(void);

/* --- calls -------------------------------------------------------------------------------------------------------- */

/* What the transport found wrong with the signature; it is reported behind unknown operations and before the body. */
typedef enum magneto_auth {
    MAGNETO_AUTH_OK,
    MAGNETO_AUTH_MISSING,
    MAGNETO_AUTH_INCOMPLETE, /* auth_message says what */
    MAGNETO_AUTH_BOTH
} magneto_auth;

typedef struct magneto_request {
    const char *target; /* value of X-Amz-Target: "DynamoDB_20120810.PutItem"; NULL: none */
    size_t target_len;
    const char *body;
    size_t body_len;
    const char *access_key; /* NULL: "local" */
    size_t access_key_len;
    const char *region; /* NULL: "us-east-1" */
    size_t region_len;
    const char *host; /* Host header, what DescribeEndpoints answers; NULL: none */
    size_t host_len;
    magneto_auth auth;
    const char *auth_message;
    size_t auth_message_len;
} magneto_request;

typedef struct magneto_reply {
    int status;       /* HTTP status */
    const char *body; /* JSON; belongs to the reply */
    size_t body_len;
    bool waits; /* holds effects or sights of the open batch: send it only after the batch was committed */
    /* What a fault asks for (server/fault/README.md): send the reply so much later. The call has had its effect. */
    int64_t delay_ms;
    uint64_t later; /* of magneto_control in a batch: not answered yet, ask magneto_control_later. 0: answered */
    bool pending;   /* of magneto_call_soon: not answered yet */
    void *memory;
} magneto_reply;

/* Answers one request. Outside a batch it commits by itself. The reply lives until magneto_reply_free. */
MAGNETO_API void magneto_call(magneto *m, const magneto_request *request, magneto_reply *reply);
MAGNETO_API void magneto_reply_free(magneto *m, magneto_reply *reply);

/* The same in a batch, for whoever has more calls at hand: the answer to a read may come later (reply->pending), with
   that of other reads; at the latest with magneto_settle, the batch's commit or the next call that is no read. Pending
   replies come in the order of their calls. Until then a reply must stay where it is, and not be freed. */
MAGNETO_API void magneto_call_soon(magneto *m, const magneto_request *request, magneto_reply *reply);
MAGNETO_API void magneto_settle(magneto *m);

/* --- group commit ------------------------------------------------------------------------------------------------- */

/* Requests between begin and commit share one transaction. magneto_commit returns 0, or -1 when nothing of the batch
   was kept: then every reply whose `waits` is set must be answered with magneto_failed instead. */
MAGNETO_API void magneto_begin(magneto *m);
MAGNETO_API int magneto_commit(magneto *m);
MAGNETO_API void magneto_failed(magneto *m, magneto_reply *reply);

/* The batch is as large as one transaction should get: commit before the next request. */
MAGNETO_API bool magneto_batch_full(const magneto *m);

/* The same commit with its fsync elsewhere (sync_always): detach on the loop, work on any thread, finish on the loop.
   Between detach and finish magneto_can_write is false and only requests for which magneto_must_wait is false may be
   called. detach returns false when there is nothing to commit. */
MAGNETO_API bool magneto_commit_detach(magneto *m);
MAGNETO_API int magneto_commit_work(magneto *m); /* [any thread] */
MAGNETO_API int magneto_commit_finish(magneto *m, int work_result);
MAGNETO_API bool magneto_can_write(const magneto *m);
/* Whether a call has to wait for the commit under way: it writes, or it would show what that commit has not kept yet
   (figures, streams; any table while definitions change). Other reads are answered from the last commit. */
MAGNETO_API bool magneto_must_wait(const magneto *m, const char *target, size_t target_len);

/* --- holding back ------------------------------------------------------------------------------------------------- */

/* A snapshot that is made in steps (magneto_tick) holds back calls that write to its namespace, a restore all calls to
   it; control calls that change what it works on are held back too. Whoever calls in batches asks before each call and
   makes those that are held when magneto_holds has become false: what is called nevertheless may be missing in the
   snapshot, or gone with the restore. Outside of batches nothing is ever held: magneto_control returns when it is
   done. */
MAGNETO_API bool magneto_holds(const magneto *m);
MAGNETO_API bool magneto_is_held(const magneto *m, const magneto_request *request);

/* --- control ------------------------------------------------------------------------------------------------------ */

typedef struct magneto_control_request {
    const char *method; /* GET, POST, DELETE */
    size_t method_len;
    const char *path; /* what stands behind /_magneto/: "clock", "snapshots/a" */
    size_t path_len;
    const char *body; /* JSON; nothing is taken for {} */
    size_t body_len;
} magneto_control_request;

/* Answers a control call, the same as /_magneto/ over HTTP: clock, reset, snapshots, faults (server/control/README.md).
   Outside a batch it commits, and does the work that the call waits for before it returns. In a batch some calls are
   answered later: reply->later is then a number for magneto_control_later, and the reply has no body to send. */
MAGNETO_API void magneto_control(magneto *m, const magneto_control_request *request, magneto_reply *reply);

/* As magneto_is_held. */
MAGNETO_API bool magneto_control_is_held(const magneto *m, const magneto_control_request *request);

/* Asked between magneto_tick's: whether the answer has come. True: *reply is it, to be freed as any other. Nothing is
   lost by never asking. */
MAGNETO_API bool magneto_control_later(magneto *m, uint64_t later, magneto_reply *reply);

/* --- background work ---------------------------------------------------------------------------------------------- */

/* Does up to about `budget_us` microseconds of long work (drops, backfills, trimming, items that have expired), in a
   commit of its own; with sync_always what it did stays open for the caller's next commit, so that its fsync can be
   elsewhere. Returns in how many ms it wants to be called again: 0 at once, -1 only after the next request. */
MAGNETO_API int64_t magneto_tick(magneto *m, int64_t budget_us);

/* Whether commits wait for a flush, and the flush itself [any thread]. */
MAGNETO_API bool magneto_needs_flush(const magneto *m);
MAGNETO_API int magneto_flush(magneto *m);

/* --- consumers of streams ----------------------------------------------------------------------------------------- */

/* A consumer follows a table by its name, through drop and re-creation: all of its streams one behind the other, the
   shards of each with parents before children. What it has acknowledged is kept with the data, under namespace, table
   and the consumer's name, and survives restarts.

   A lane is one shard while its records are read. Records are read outside of batches, and only what is committed. */
typedef struct magneto_consumer magneto_consumer;
typedef struct magneto_lane magneto_lane;

typedef struct magneto_consumer_options {
    const char *name_space; /* NULL: the table of every namespace */
    const char *table;
    const char *name; /* tells apart the consumers of a table; long ones are kept as a hash */
    const char *view; /* StreamViewType of the stream that a table without one gets; NULL: it gets none */
    bool latest;      /* without a stored position: only records from now on */
} magneto_consumer_options;

/* Texts are copied. Outside of a batch; commits. NULL when the data cannot be written. Lives until magneto_close. */
MAGNETO_API magneto_consumer *magneto_consumer_open(magneto *m, const magneto_consumer_options *options);

/* Goes up when a look for lanes may find more than the last one. */
MAGNETO_API uint64_t magneto_stream_changes(const magneto *m);

/* A shard that has records to read and that nobody holds; NULL: none now, or a batch or commit is under way. It is the
   caller's until magneto_lane_give. */
MAGNETO_API magneto_lane *magneto_lane_take(magneto_consumer *consumer);
MAGNETO_API void magneto_lane_give(magneto_lane *lane);

/* What a lane is of; texts live as long as the caller holds it. */
typedef struct magneto_lane_names {
    const char *name_space, *table, *stream_arn, *shard;
} magneto_lane_names;
MAGNETO_API magneto_lane_names magneto_lane_names_of(const magneto_lane *lane);

/* The stream was removed with all its records: nothing of it has to be delivered any more. */
MAGNETO_API bool magneto_lane_is_gone(const magneto_lane *lane);

typedef struct magneto_record {
    uint64_t next;    /* the position behind it */
    const char *json; /* as Lambda receives it: {"eventID":...} */
    size_t json_len;
    char sequence[32]; /* SequenceNumber */
    int64_t created_ms;
} magneto_record;

typedef struct magneto_records {
    const magneto_record *all; /* until the lane is read or given again */
    size_t n;
    bool more; /* the call ended at its own bound, not at the end of what is there */
} magneto_records;

/* Up to `most` records from a position on (0: the lane's), some 250 KB of them at once. Returns 0, or -1 when the store
   failed or a batch or commit is under way. */
MAGNETO_API int magneto_lane_read(magneto_lane *lane, uint64_t from, size_t most, magneto_records *out);

/* Everything before the position is done: kept with the next commit (magneto_unsaved, magneto_commit). */
MAGNETO_API void magneto_lane_acknowledge(magneto_lane *lane, uint64_t position);
/* What was acknowledged is committed. */
MAGNETO_API bool magneto_lane_is_saved(const magneto_lane *lane);
/* Something was acknowledged that no commit has kept yet. */
MAGNETO_API bool magneto_unsaved(const magneto *m);

/* What a consumer has been through, for /_magneto/triggers. */
typedef struct magneto_consumer_figures {
    uint64_t records;        /* taken */
    uint64_t invocations;    /* calls, */
    uint64_t failures;       /* and those that were not taken whole */
    const char *last_result; /* NULL: nothing has happened; else lives as long as the consumer */
} magneto_consumer_figures;
MAGNETO_API void magneto_consumer_show(magneto_consumer *consumer, const magneto_consumer_figures *figures);

/* Records that are not acknowledged, of all lanes, those of the open batch too; counts up to `most`. */
MAGNETO_API uint64_t magneto_consumer_backlog(magneto_consumer *consumer, uint64_t most);

#ifdef __cplusplus
}
#endif

#endif
