/* The steps of long work. Every kind of work does one small portion in turn until the time is used up, so that no job
   waits for another's end.

   Records in SPACE_JOBS:
     space | 1 | space to clear (4 bytes, big endian)   -> nothing
     space | 2 | index space (4 bytes, big endian)      -> key of the last item that the backfill has done;
                                                           the same with the space of an expiry queue */
#include "job.h"

#include "bytes.h"
#include "index.h"
#include "snapshot.h"
#include "spaces.h"
#include "stopwatch.h"
#include "ttl.h"

enum { JOB_CLEAR = 1, JOB_BACKFILL = 2 };
enum { KEY_BYTES = 9, CLEAR_PORTION = 8, TRIM_PORTION = 8, BACKFILL_PORTION = 32, BACKFILL_BYTES = 64 * 1024 };
enum { SCRATCH_BYTES = 64 * 1024 };

static struct str job_key(int kind, uint32_t space, uint8_t out[KEY_BYTES]) {
    bytes_put_be(out, SPACE_JOBS, 4);
    out[4] = (uint8_t)kind;
    bytes_put_be(out + 5, space, 4);
    return str_make(out, KEY_BYTES);
}

static enum store_rc delete_if_there(struct store *store, struct str key) {
    enum store_rc rc = store_delete(store, key);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

enum store_rc job_clear_space(struct store *store, uint32_t space) {
    uint8_t key[KEY_BYTES];
    enum store_rc rc = delete_if_there(store, job_key(JOB_BACKFILL, space, key));
    return rc == STORE_OK ? store_put(store, job_key(JOB_CLEAR, space, key), STR("")) : rc;
}

/* --- drops -------------------------------------------------------------------------------------------------------- */

/* The first space that waits to be cleared, 0: none. */
static enum store_rc next_drop(struct store *store, struct arena *arena, uint32_t *space) {
    uint8_t key[KEY_BYTES];
    *space = 0;
    struct store_cursor *cursor = store_cursor_open(store, arena);
    enum store_rc rc = store_cursor_seek(cursor, job_key(JOB_CLEAR, 0, key), true, false);
    if (rc == STORE_OK) {
        struct str found = store_cursor_key(cursor);
        ENSURE(found.len == KEY_BYTES);
        if (found.p[4] == JOB_CLEAR)
            *space = (uint32_t)bytes_get_be(found.p + 5, 4);
    }
    store_cursor_close(cursor);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

/* When nothing waits to be cleared, copies that nobody wants bring the next. */
static enum store_rc clear_portion(struct jobs *jobs, struct arena *arena) {
    uint8_t key[KEY_BYTES];
    uint32_t space;
    bool done = false;
    enum store_rc rc = next_drop(jobs->store, arena, &space);
    jobs->drops = rc == STORE_OK && space;
    if (rc == STORE_OK && !space)
        return snapshot_discard_some(jobs->store, arena, &jobs->drops);
    if (rc != STORE_OK)
        return rc;
    rc = store_clear_some(jobs->store, space, CLEAR_PORTION, &done);
    return rc == STORE_OK && done ? store_delete(jobs->store, job_key(JOB_CLEAR, space, key)) : rc;
}

/* --- backfills ---------------------------------------------------------------------------------------------------- */

struct entry {
    struct str key, value;
    uint32_t size;     /* of an index entry */
    int64_t expiry_ms; /* of a queue's entry */
};

/* Entries to put for a stretch of items. They are put after the walk, because a put ends a cursor's position. */
struct stretch {
    struct entry entries[BACKFILL_PORTION];
    uint32_t n;
    struct str last; /* key of the last item that was looked at */
    bool at_end;
};

static uint32_t space_of(const struct backfill *backfill) {
    return backfill->index ? backfill->index->space : backfill->table->ttl_space;
}

static void add_to_index(struct entry *entry, struct arena *arena, const struct backfill *backfill,
                         const struct item *item, struct str item_key) {
    struct buf key;
    buf_init(&key, LIMIT_STORE_KEY);
    index_entry_key(&key, backfill->index, &item->attrs, item_key);
    ENSURE(!key.full);
    entry->key = arena_copy(arena, buf_str(&key));
    buf_free(&key);
    entry->size = index_entry_size(backfill->table, backfill->index, item);
    entry->value = index_entry_record(arena, backfill->table, backfill->index, item, entry->size, item_key);
}

static void add_entry(struct stretch *stretch, struct arena *arena, const struct backfill *backfill,
                      const struct item *item, struct str item_key) {
    struct entry *entry = &stretch->entries[stretch->n];
    *entry = (struct entry){.value = STR("")};
    if (backfill->index && index_holds(backfill->index, &item->attrs))
        add_to_index(entry, arena, backfill, item, item_key);
    if (!backfill->index && (entry->expiry_ms = ttl_expiry_ms(backfill->table, item)))
        entry->key = ttl_entry_key(arena, backfill->table, entry->expiry_ms, item_key);
    stretch->n += entry->key.len != 0;
}

static enum store_rc walk(struct store_cursor *cursor, struct str from, struct arena *arena,
                          const struct backfill *backfill, struct stretch *stretch) {
    size_t bytes = 0;
    enum store_rc rc = store_cursor_seek(cursor, from, true, true);
    for (int i = 0; rc == STORE_OK && i < BACKFILL_PORTION && bytes < BACKFILL_BYTES; i++) {
        struct str record;
        struct item item;
        rc = store_cursor_value(cursor, &record);
        if (rc != STORE_OK)
            return rc;
        if (!item_read(&item, record))
            return STORE_DAMAGED;
        bytes += record.len;
        stretch->last = arena_copy(arena, store_cursor_key(cursor));
        add_entry(stretch, arena, backfill, &item, stretch->last);
        rc = store_cursor_next(cursor);
    }
    stretch->at_end = rc == STORE_NOT_FOUND;
    return stretch->at_end ? STORE_OK : rc;
}

static void account(struct jobs *jobs, const struct backfill *backfill, const struct entry *entry) {
    struct table *table = backfill->table;
    if (backfill->index)
        table_count_index(jobs->catalogue, table, backfill->index, 1, entry->size);
    else if (entry->expiry_ms < table->ttl_next_ms)
        table_set_expiry(jobs->catalogue, table, entry->expiry_ms);
}

/* An entry that a write has put meanwhile is left alone: the write has counted it. */
static enum store_rc put_entries(struct jobs *jobs, const struct backfill *backfill, const struct stretch *stretch) {
    for (uint32_t i = 0; i < stretch->n; i++) {
        const struct entry *entry = &stretch->entries[i];
        if (store_has(jobs->store, entry->key))
            continue;
        enum store_rc rc = store_put(jobs->store, entry->key, entry->value);
        if (rc != STORE_OK)
            return rc;
        account(jobs, backfill, entry);
    }
    return STORE_OK;
}

static enum store_rc backfill_position(struct store *store, struct arena *arena, const struct backfill *backfill,
                                       struct str *position) {
    uint8_t key[KEY_BYTES], start[4];
    bytes_put_be(start, backfill->table->space, sizeof start);
    enum store_rc rc = store_get(store, job_key(JOB_BACKFILL, space_of(backfill), key), arena, position);
    *position = arena_copy(arena, rc == STORE_OK ? *position : str_make(start, sizeof start));
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

static enum store_rc finish_backfill(struct jobs *jobs, const struct backfill *backfill) {
    uint8_t key[KEY_BYTES];
    struct table *table = backfill->table;
    if (backfill->index)
        backfill->index->state = INDEX_ACTIVE;
    else
        table->ttl_filling = false;
    enum store_rc rc = delete_if_there(jobs->store, job_key(JOB_BACKFILL, space_of(backfill), key));
    return rc == STORE_OK ? table_save(jobs->catalogue, table, &table) : rc;
}

static enum store_rc fill(struct jobs *jobs, struct arena *arena, const struct backfill *backfill) {
    struct stretch stretch = {0};
    uint8_t key[KEY_BYTES];
    struct str position;
    enum store_rc rc = backfill_position(jobs->store, arena, backfill, &position);
    if (rc != STORE_OK)
        return rc;
    struct store_cursor *cursor = store_cursor_open(jobs->store, arena);
    rc = walk(cursor, position, arena, backfill, &stretch);
    store_cursor_close(cursor);
    if (rc == STORE_OK)
        rc = put_entries(jobs, backfill, &stretch);
    if (rc != STORE_OK)
        return rc;
    if (stretch.at_end)
        return finish_backfill(jobs, backfill);
    return store_put(jobs->store, job_key(JOB_BACKFILL, space_of(backfill), key), stretch.last);
}

static bool look_for_backfill(struct jobs *jobs, struct backfill *backfill) {
    jobs->backfills = table_to_backfill(jobs->catalogue, backfill);
    jobs->backfill_ms = backfill->ready_ms;
    return jobs->backfills;
}

static enum store_rc backfill_portion(struct jobs *jobs, struct arena *arena, int64_t now_ms) {
    struct backfill backfill;
    if (!look_for_backfill(jobs, &backfill) || backfill.ready_ms > now_ms)
        return STORE_OK;
    if (!backfill.index && !backfill.table->ttl_space)
        return ttl_make_queue(jobs->store, jobs->catalogue, backfill.table);
    return fill(jobs, arena, &backfill);
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static bool has_discards(struct store *store, struct arena *arena) {
    bool found;
    return snapshot_has_discards(store, arena, &found) != STORE_OK || found;
}

/* Jobs come about only where definitions change: without a change the last look still holds. A store that cannot be
   read counts as work, so that the step meets the error and reports it. */
static void look(struct jobs *jobs) {
    if (jobs->looked_at == catalogue_changes(jobs->catalogue))
        return;
    struct arena arena;
    struct backfill backfill;
    uint32_t space;
    arena_init(&arena, 1024);
    jobs->drops = next_drop(jobs->store, &arena, &space) != STORE_OK || space || has_discards(jobs->store, &arena);
    arena_free(&arena);
    look_for_backfill(jobs, &backfill);
    jobs->looked_at = catalogue_changes(jobs->catalogue);
}

void jobs_look_again(struct jobs *jobs) { jobs->looked_at = 0; }

int64_t job_timed_ms(struct jobs *jobs) {
    look(jobs);
    int64_t trim_ms = stream_trim_due_ms(jobs->streams);
    return jobs->backfills && jobs->backfill_ms < trim_ms ? jobs->backfill_ms : trim_ms;
}

/* The time of the next thing to do; INT64_MAX: none. */
static int64_t due_ms(struct jobs *jobs) {
    look(jobs);
    return jobs->drops ? INT64_MIN : job_timed_ms(jobs);
}

bool job_pending(struct jobs *jobs, int64_t now_ms) { return due_ms(jobs) <= now_ms; }

int64_t job_next_ms(struct jobs *jobs, int64_t now_ms) {
    int64_t due = due_ms(jobs);
    if (due == INT64_MAX)
        return -1;
    return due <= now_ms ? 0 : due - now_ms;
}

enum store_rc job_step(struct jobs *jobs, int64_t now_ms, int64_t budget_us) {
    int64_t end_us = stopwatch_us() + budget_us;
    enum store_rc rc = STORE_OK;
    struct arena arena;
    bool trimmed;
    arena_init(&arena, SCRATCH_BYTES);
    do {
        rc = clear_portion(jobs, &arena);
        if (rc == STORE_OK)
            rc = backfill_portion(jobs, &arena, now_ms);
        if (rc == STORE_OK)
            rc = stream_trim_some(jobs->streams, now_ms, TRIM_PORTION, &trimmed);
        arena_reset(&arena);
    } while (rc == STORE_OK && stopwatch_us() < end_us && job_pending(jobs, now_ms));
    arena_free(&arena);
    return rc;
}
