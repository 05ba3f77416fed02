/* Opening consumers: where they start, and the streams that their tables get. Positions on their way into a commit. */
#include "consumer.h"

#include "table_build.h"
#include "stream_json.h"

#include <md5.h>
#include <stdlib.h>

enum { CONSUMER_ARENA_BYTES = 512, NAME_KEPT = 512 };

static bool wants(const struct magneto_consumer *consumer, struct str namespace, struct str table) {
    return str_eq(consumer->table, table) && (!consumer->namespace.len || str_eq(consumer->namespace, namespace));
}

/* --- streams that are added --------------------------------------------------------------------------------------- */

/* The view of the stream that a consumer wants a table of this name to have; STREAM_OFF: none does. */
static enum stream_view wanted_view(const struct magneto *m, struct str namespace, struct str table) {
    for (const struct magneto_consumer *consumer = m->consumers.first; consumer; consumer = consumer->next)
        if (consumer->view != STREAM_OFF && wants(consumer, namespace, table))
            return consumer->view;
    return STREAM_OFF;
}

static void tell_view(struct magneto *m, const struct table *table) {
    struct str view = stream_view_name(table->stream);
    core_log(m, 1, "table %.*s (%.*s) has no stream: a trigger adds one, %.*s", (int)table->name.len, table->name.p,
             (int)table->namespace.len, table->namespace.p, (int)view.len, view.p);
}

enum store_rc consumers_add_stream(struct magneto *m, struct table *table) {
    enum stream_view view = wanted_view(m, table->namespace, table->name);
    if (table->stream != STREAM_OFF || view == STREAM_OFF)
        return STORE_OK;
    enum store_rc rc = stream_enable(m->streams, table, view, core_now_ms(m));
    if (rc == STORE_OK)
        tell_view(m, table);
    return rc;
}

/* `place` stays the table's, as saving it changes no order. */
static enum store_rc add_stream(struct magneto_consumer *consumer, size_t place) {
    struct magneto *m = consumer->m;
    struct table table = *table_at(m->catalogue, place), *saved;
    if (!wants(consumer, table.namespace, table.name) || table.stream != STREAM_OFF || table.deleting_ms)
        return STORE_OK;
    enum store_rc rc = stream_enable(m->streams, &table, consumer->view, core_now_ms(m));
    if (rc == STORE_OK)
        rc = table_save(m->catalogue, &table, &saved);
    if (rc == STORE_OK)
        tell_view(m, saved);
    return rc;
}

static enum store_rc add_streams(struct magneto_consumer *consumer) {
    enum store_rc rc = STORE_OK;
    if (consumer->view != STREAM_OFF)
        for (size_t i = 0; rc == STORE_OK && table_at(consumer->m->catalogue, i); i++)
            rc = add_stream(consumer, i);
    return rc;
}

/* --- open --------------------------------------------------------------------------------------------------------- */

static struct position_owner owner_of_start(const struct magneto_consumer *consumer, struct str namespace) {
    return (struct position_owner){namespace, consumer->table, consumer->name};
}

static enum store_rc stored_start(struct magneto_consumer *consumer, struct str namespace) {
    struct magneto *m = consumer->m;
    struct position_owner owner = owner_of_start(consumer, namespace);
    return position_get(m->store, &owner, STR_NONE, &m->consumers.arena, &consumer->start);
}

/* A start that was stored counts, be it of this namespace or of all; else it is stored now. */
static enum store_rc settle_start(struct magneto_consumer *consumer, bool latest) {
    struct magneto *m = consumer->m;
    enum store_rc rc = stored_start(consumer, consumer->namespace);
    if (rc == STORE_NOT_FOUND)
        rc = stored_start(consumer, STR_NONE);
    if (rc != STORE_NOT_FOUND)
        return rc;
    struct position_owner owner = owner_of_start(consumer, consumer->namespace);
    consumer->start = latest ? stream_next_seq(m->streams) : 1;
    return position_put(m->store, &owner, STR_NONE, &m->consumers.arena, consumer->start, core_now_ms(m));
}

/* Of long names (commands) the hash is kept: a stored position has a key of bounded length. */
static struct str kept_name(struct arena *arena, struct str name) {
    if (name.len <= POSITION_NAME_MAX)
        return arena_copy(arena, name);
    char hash[MD5_DIGEST_STRING_LENGTH];
    MD5Data((const uint8_t *)name.p, name.len, hash);
    return arena_printf(arena, "%S#%s", str_make(name.p, NAME_KEPT), hash);
}

static struct magneto_consumer *new_consumer(magneto *m, const magneto_consumer_options *options) {
    struct magneto_consumer *consumer = mem_zalloc(sizeof *consumer);
    consumer->m = m;
    arena_init(&consumer->arena, CONSUMER_ARENA_BYTES);
    consumer->namespace = arena_copy(&consumer->arena, str_of(options->name_space));
    consumer->table = arena_copy(&consumer->arena, str_of(options->table));
    consumer->target = arena_copy(&consumer->arena, str_of(options->name));
    consumer->name = kept_name(&consumer->arena, consumer->target);
    consumer->view = options->view ? stream_view_of(str_of(options->view)) : STREAM_OFF;
    return consumer;
}

static void free_consumer(struct magneto_consumer *consumer) {
    for (struct followed *next, *at = consumer->streams; at; at = next) {
        next = at->next;
        followed_free(at);
    }
    arena_free(&consumer->arena);
    free(consumer);
}

/* The start counts before the streams that are added now, whose records are all wanted. */
static int settle(struct magneto_consumer *consumer, bool latest) {
    struct magneto *m = consumer->m;
    arena_reset(&m->consumers.arena);
    enum store_rc rc = store_begin(m->store);
    if (rc == STORE_OK)
        rc = settle_start(consumer, latest);
    if (rc == STORE_OK)
        rc = add_streams(consumer);
    if (rc != STORE_OK)
        m->broken = true;
    return magneto_commit(m);
}

magneto_consumer *magneto_consumer_open(magneto *m, const magneto_consumer_options *options) {
    ENSURE(!m->batch);
    ENSURE(!m->detached);
    struct magneto_consumer *consumer = new_consumer(m, options), **end = &m->consumers.first;
    if (settle(consumer, options->latest) != 0) {
        free_consumer(consumer);
        return NULL;
    }
    while (*end)
        end = &(*end)->next;
    *end = consumer;
    m->consumers.changes_seen = 0; /* look again, for this one */
    return consumer;
}

void consumers_close(struct consumers *consumers) {
    for (struct magneto_consumer *next, *at = consumers->first; at; at = next) {
        next = at->next;
        free_consumer(at);
    }
    arena_free(&consumers->arena);
}

uint64_t magneto_stream_changes(const magneto *m) {
    return streams_changes(m->streams) + streams_appends(m->streams) + m->consumers.given;
}

/* --- positions ---------------------------------------------------------------------------------------------------- */

bool magneto_unsaved(const magneto *m) {
    for (const struct magneto_lane *lane = m->consumers.unsaved; lane; lane = lane->next_unsaved)
        if (lane->position != lane->written)
            return true;
    return false;
}

static enum store_rc write_position(struct magneto *m, struct magneto_lane *lane) {
    struct position_owner owner = lane_owner(lane);
    struct arena *arena = &m->consumers.arena;
    enum store_rc rc = STORE_OK;
    if (!lane->written)
        rc = position_forget_oldest(m->store, &owner, arena, core_now_ms(m));
    lane->written = lane->position;
    return rc == STORE_OK ? position_put(m->store, &owner, lane->id, arena, lane->position, core_now_ms(m)) : rc;
}

enum store_rc consumers_write(struct magneto *m) {
    if (!magneto_unsaved(m))
        return STORE_OK;
    enum store_rc rc = store_begin(m->store);
    arena_reset(&m->consumers.arena);
    for (struct magneto_lane *lane = m->consumers.unsaved; lane && rc == STORE_OK; lane = lane->next_unsaved)
        if (lane->position != lane->written)
            rc = write_position(m, lane);
    return rc;
}

/* The lanes of the list that a commit has kept leave it; after a failed one all are to be written again. */
void consumers_written(struct magneto *m, bool kept) {
    struct magneto_lane **at = &m->consumers.unsaved, *lane;
    while ((lane = *at)) {
        if (!kept)
            lane->written = 0;
        if (lane->position != lane->written) {
            at = &lane->next_unsaved;
            continue;
        }
        *at = lane->next_unsaved;
        lane->unsaved = false;
        m->consumers.given++;
        lane->of->users--;
        followed_release(lane->of);
    }
}
