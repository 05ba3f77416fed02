/* Lanes: taking one that has records, reading it, acknowledging, giving it back. */
#include "consumer.h"

#include "stream_json.h"

#include <stdlib.h>

/* Of one read: what a turn of the loop has time for. */
enum { READ_BYTES = 250 * 1000, READ_RECORDS = 500 };
/* A record alone may be longer. */
#define TEXT_BYTES_MAX ((size_t)LIMIT_STREAM_RECORD * 2)

static int64_t not_before_ms(struct magneto *m) { return core_now_ms(m) - STREAM_RETENTION_MS; }

/* Only what is committed leaves the house. */
static bool may_deliver(struct magneto *m) {
    return !m->batch && !m->detached && !store_writing(m->store) && consumers_look(m);
}

/* Records of the lane from a position on. */
static enum store_rc read_from(struct magneto_lane *lane, uint64_t from, stream_take take, void *data) {
    struct magneto *m = lane->of->consumer->m;
    struct arena *arena = &m->consumers.arena;
    arena_reset(arena);
    return stream_read(m->streams, lane->shard, from, not_before_ms(m), arena, take, data);
}

/* --- take and give ------------------------------------------------------------------------------------------------ */

static bool take_nothing(void *data, const struct stream_record *record, uint32_t bytes) {
    (void)record;
    (void)bytes;
    *(bool *)data = true;
    return false;
}

/* A closed lane without records is finished. */
static bool has_records(struct magneto_lane *lane) {
    bool found = false;
    if (read_from(lane, lane->position, take_nothing, &found) != STORE_OK)
        return false;
    if (!found && lane->shard->last_seq)
        lane_finish(lane);
    return found;
}

static struct magneto_lane *next_queued(struct magneto_consumer *consumer) {
    struct magneto_lane *lane = consumer->queue;
    if (lane) {
        consumer->queue = lane->next_queued;
        lane->queued = false;
    }
    return lane;
}

static bool may_be_read(const struct magneto_lane *lane) { return lane->shard && !lane->done && lane_is_due(lane); }

magneto_lane *magneto_lane_take(magneto_consumer *consumer) {
    struct magneto_lane *lane;
    if (!may_deliver(consumer->m))
        return NULL;
    while ((lane = next_queued(consumer))) {
        if (!may_be_read(lane) || !has_records(lane))
            continue;
        lane->held = true;
        lane->of->users++;
        buf_init(&lane->text, TEXT_BYTES_MAX);
        return lane;
    }
    return NULL;
}

void magneto_lane_give(magneto_lane *lane) {
    struct followed *followed = lane->of;
    ENSURE(lane->held);
    buf_free(&lane->text);
    free(lane->records);
    lane->records = NULL;
    lane->records_n = lane->records_cap = 0;
    lane->held = false;
    followed->users--;
    followed->consumer->m->consumers.given++;
    if (followed->stream)
        lane_queue(lane);
    followed_release(followed);
}

magneto_lane_names magneto_lane_names_of(const magneto_lane *lane) {
    const struct followed *followed = lane->of;
    return (magneto_lane_names){followed->namespace.p, followed->consumer->table.p, followed->arn.p, lane->id.p};
}

bool magneto_lane_is_gone(const magneto_lane *lane) { return !lane->of->stream; }

/* --- read --------------------------------------------------------------------------------------------------------- */

struct reading {
    struct magneto_lane *lane;
    size_t most;
    bool more;
};

static struct magneto_record *room_for_record(struct magneto_lane *lane) {
    if (lane->records_n == lane->records_cap) {
        lane->records_cap = lane->records_cap ? lane->records_cap * 2 : 16;
        lane->records = mem_realloc(lane->records, lane->records_cap * sizeof *lane->records);
    }
    return &lane->records[lane->records_n++];
}

static bool take_record(void *data, const struct stream_record *record, uint32_t bytes) {
    struct reading *reading = data;
    struct magneto_lane *lane = reading->lane;
    struct buf *text = &lane->text;
    size_t begin = text->len;
    reading->more = lane->records_n == reading->most || (lane->records_n && begin + bytes > READ_BYTES);
    if (reading->more)
        return false;
    struct magneto_record *out = room_for_record(lane);
    stream_json_event(text, lane->of->stream, record, lane->of->arn);
    ENSURE(!text->full);
    *out = (struct magneto_record){
        .next = record->seq + 1, .json_len = text->len - begin, .created_ms = record->created_ms};
    stream_sequence_text(record->seq, out->sequence);
    return true;
}

/* The text no longer moves. */
static void point_to_text(struct magneto_lane *lane) {
    const char *at = lane->text.p;
    for (size_t i = 0; i < lane->records_n; i++) {
        lane->records[i].json = at;
        at += lane->records[i].json_len;
    }
}

int magneto_lane_read(magneto_lane *lane, uint64_t from, size_t most, magneto_records *out) {
    struct reading reading = {.lane = lane, .most = most < READ_RECORDS ? most : READ_RECORDS};
    *out = (magneto_records){0};
    if (!may_deliver(lane->of->consumer->m))
        return -1;
    lane->records_n = 0;
    buf_clear(&lane->text, READ_BYTES * 2);
    if (!lane->shard)
        return 0;
    if (read_from(lane, from ? from : lane->position, take_record, &reading) != STORE_OK)
        return -1;
    point_to_text(lane);
    *out = (magneto_records){lane->records, lane->records_n, reading.more};
    return 0;
}

/* --- acknowledge -------------------------------------------------------------------------------------------------- */

void magneto_lane_acknowledge(magneto_lane *lane, uint64_t position) {
    struct consumers *consumers = &lane->of->consumer->m->consumers;
    if (position <= lane->position)
        return;
    lane->position = position;
    if (lane->unsaved)
        return;
    lane->unsaved = true;
    lane->of->users++;
    lane->next_unsaved = consumers->unsaved;
    consumers->unsaved = lane;
}

bool magneto_lane_is_saved(const magneto_lane *lane) { return !lane->unsaved; }

/* --- figures ------------------------------------------------------------------------------------------------------ */

static uint64_t count(struct magneto_lane *lane, uint64_t most) {
    struct magneto *m = lane->of->consumer->m;
    uint64_t n = 0;
    arena_reset(&m->consumers.arena);
    enum store_rc rc =
        stream_count(m->streams, lane->shard, lane->position, not_before_ms(m), &m->consumers.arena, most, &n);
    return rc == STORE_OK ? n : most;
}

uint64_t magneto_consumer_backlog(magneto_consumer *consumer, uint64_t most) {
    uint64_t n = 0;
    if (!consumers_look(consumer->m))
        return most;
    for (struct followed *at = consumer->streams; at; at = at->next)
        for (struct magneto_lane *lane = at->lanes; lane && n < most; lane = lane->next)
            if (lane->shard && !lane->done)
                n += count(lane, most - n);
    return n;
}

void magneto_consumer_show(magneto_consumer *consumer, const magneto_consumer_figures *figures) {
    consumer->figures = *figures;
}
