#include "consumer.h"
#include "expire.h"
#include "reset.h"
#include "stopwatch.h"

#include <stdlib.h>

enum { SCRATCH_BYTES = 128 * 1024 };

/* --- begin -------------------------------------------------------------------------------------------------------- */

static enum store_rc begin(struct magneto *m, enum copy_kind kind, struct str name, struct str namespace,
                           uint32_t from) {
    struct copies *copies = &m->copies;
    ENSURE(copies->kind == COPY_NONE);
    struct str source = kind == COPY_SNAPSHOT ? namespace : STR_NONE;
    copies->kind = kind;
    copies->begun++;
    copies->complete = false;
    copies->rc = STORE_OK;
    enum store_rc rc = copy_begin(&copies->copy, m->store, m->catalogue, m->streams, source, from);
    copies->name = arena_copy(&copies->copy.arena, name);
    copies->namespace = arena_copy(&copies->copy.arena, namespace);
    return rc;
}

enum store_rc copies_snapshot(struct magneto *m, struct str name, struct str namespace) {
    return begin(m, COPY_SNAPSHOT, name, namespace, 0);
}

enum store_rc copies_restore(struct magneto *m, const struct snapshot *snapshot, struct str namespace) {
    return begin(m, COPY_RESTORE, snapshot->name, namespace, snapshot->number);
}

/* --- a snapshot gets its name ------------------------------------------------------------------------------------- */

static enum store_rc name_copy(struct magneto *m, struct arena *arena) {
    const struct copies *copies = &m->copies;
    const struct snapshot snapshot = {
        .name = copies->name,
        .namespace = copies->namespace,
        .number = copies->copy.number,
        .tables = copies->copy.tables,
        .items = copies->copy.items,
    };
    jobs_look_again(&m->jobs);
    return snapshot_save(m->store, &snapshot, arena);
}

/* --- a restored copy becomes the namespace ------------------------------------------------------------------------ */

/* What stands behind the slash of "<accessKey>/<region>"; STR_NONE: `shared`, where each ARN keeps its region. */
static struct str region_of(struct str namespace) {
    const char *slash = memrchr(namespace.p, '/', namespace.len);
    return slash ? str_skip(namespace, (size_t)(slash - namespace.p) + 1) : STR_NONE;
}

static enum store_rc install_table(struct magneto *m, struct table *table) {
    struct stream *stream = stream_find(m->streams, table->namespace, STR_NONE, table->name, table->stream_label);
    enum store_rc rc = STORE_OK;
    if (table->stream != STREAM_OFF && !stream)
        return STORE_DAMAGED;
    if (table->stream != STREAM_OFF)
        table->stream_space = stream->space;
    if (!table->deleting_ms)
        rc = consumers_add_stream(m, table);
    return rc == STORE_OK ? table_save(m->catalogue, table, &table) : rc;
}

static enum store_rc install(struct magneto *m, struct copy_part *part) {
    struct str namespace = m->copies.namespace, region = region_of(namespace);
    part->table.namespace = part->stream.namespace = namespace;
    if (region.p)
        part->table.region = part->stream.region = region;
    return part->kind == COPY_PART_TABLE ? install_table(m, &part->table) : stream_install(m->streams, &part->stream);
}

static enum store_rc install_all(struct magneto *m, struct arena *arena) {
    uint32_t number = m->copies.copy.number, place = 0;
    enum store_rc rc = STORE_OK;
    for (; rc == STORE_OK; place++) {
        struct copy_part *part = ARENA_NEW(arena, struct copy_part);
        rc = copy_part_read(m->store, number, place, arena, part);
        if (rc == STORE_OK)
            rc = install(m, part);
        if (rc == STORE_OK)
            rc = copy_part_delete(m->store, number, place);
    }
    return rc == STORE_NOT_FOUND && place == m->copies.copy.place + 1 ? STORE_OK : rc;
}

static enum store_rc replace(struct magneto *m, struct arena *arena) {
    int64_t dropped;
    enum store_rc rc = reset_namespace(m, m->copies.namespace, arena, &dropped);
    expire_hold(m, core_now_ms(m));
    if (rc == STORE_OK)
        rc = install_all(m, arena);
    return rc == STORE_OK ? snapshot_forget(m->store, m->copies.copy.number) : rc;
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

/* Half of the time is for the commit of what the step has written. */
enum store_rc copies_step(struct magneto *m, int64_t budget_us) {
    struct copies *copies = &m->copies;
    int64_t end_us = stopwatch_us() + budget_us / 2;
    struct arena scratch;
    enum store_rc rc;
    ENSURE(copies->kind != COPY_NONE);
    ENSURE(!copies->complete);
    arena_init(&scratch, SCRATCH_BYTES);
    do {
        rc = copy_some(&copies->copy, &scratch, &copies->complete);
        arena_reset(&scratch);
    } while (rc == STORE_OK && !copies->complete && stopwatch_us() < end_us);
    if (rc == STORE_OK && copies->complete)
        rc = copies->kind == COPY_SNAPSHOT ? name_copy(m, &scratch) : replace(m, &scratch);
    arena_free(&scratch);
    copies->rc = rc;
    return rc;
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static struct copy_outcome *outcome_of(struct copies *copies, uint64_t serial) {
    return &copies->outcomes[serial % COPY_OUTCOMES];
}

static void set_outcome(struct copies *copies, enum store_rc rc) {
    struct copy_outcome *outcome = outcome_of(copies, copies->begun);
    char *name = mem_alloc(copies->name.len + 1);
    memcpy(name, copies->name.p, copies->name.len);
    free((char *)outcome->name.p);
    *outcome = (struct copy_outcome){
        .serial = copies->begun,
        .rc = rc,
        .name = str_make(name, copies->name.len),
        .tables = copies->copy.tables,
        .items = copies->copy.items,
    };
}

void copies_committed(struct magneto *m, enum store_rc rc) {
    struct copies *copies = &m->copies;
    if (copies->kind == COPY_NONE || (rc == STORE_OK && !copies->complete))
        return;
    set_outcome(copies, copies->rc != STORE_OK ? copies->rc : rc);
    copy_end(&copies->copy);
    copies->kind = COPY_NONE;
    jobs_look_again(&m->jobs);
}

const struct copy_outcome *copies_outcome(const struct magneto *m, uint64_t serial) {
    static const struct copy_outcome forgotten = {.rc = STORE_IO};
    const struct copies *copies = &m->copies;
    if (copies->kind != COPY_NONE && serial == copies->begun)
        return NULL;
    const struct copy_outcome *outcome = &copies->outcomes[serial % COPY_OUTCOMES];
    return outcome->serial == serial ? outcome : &forgotten;
}

void copies_close(struct copies *copies) {
    if (copies->kind != COPY_NONE)
        copy_end(&copies->copy);
    for (size_t i = 0; i < COPY_OUTCOMES; i++)
        free((char *)copies->outcomes[i].name.p);
}

/* --- holding back ------------------------------------------------------------------------------------------------- */

static bool is_of(struct str namespace, struct str access_key, struct str region) {
    return namespace.len == access_key.len + 1 + region.len && str_starts(namespace, access_key) &&
           namespace.p[access_key.len] == '/' && str_eq(str_skip(namespace, access_key.len + 1), region);
}

bool copies_hold(const struct magneto *m, struct str access_key, struct str region, bool writes) {
    const struct copies *copies = &m->copies;
    if (copies->kind == COPY_NONE || (copies->kind == COPY_SNAPSHOT && !writes))
        return false;
    return m->options.shared ? str_eq(copies->namespace, STR("shared")) : is_of(copies->namespace, access_key, region);
}
