/* From the definitions of streams to the lanes of each consumer: which streams its table's name has had, in which order
   they are read, and which lanes may have something to read. */
#include "consumer.h"

#include "arn.h"

#include <stdlib.h>

enum { FOLLOWED_ARENA_BYTES = 1024 };

/* --- the queue ---------------------------------------------------------------------------------------------------- */

void lane_queue(struct magneto_lane *lane) {
    struct magneto_consumer *consumer = lane->of->consumer;
    if (lane->queued || lane->held || lane->done)
        return;
    lane->queued = true;
    lane->next_queued = NULL;
    if (consumer->queue)
        consumer->queue_end->next_queued = lane;
    else
        consumer->queue = lane;
    consumer->queue_end = lane;
}

static void queue_all(struct followed *followed) {
    for (struct magneto_lane *lane = followed->lanes; lane; lane = lane->next)
        lane_queue(lane);
}

static void leave_queue(struct magneto_lane *lane) {
    struct magneto_consumer *consumer = lane->of->consumer;
    struct magneto_lane **at = &consumer->queue, *last = NULL;
    if (!lane->queued)
        return;
    for (; *at != lane; at = &(*at)->next_queued)
        last = *at;
    *at = lane->next_queued;
    if (consumer->queue_end == lane)
        consumer->queue_end = last;
    lane->queued = false;
}

/* --- order -------------------------------------------------------------------------------------------------------- */

static bool are_neighbours(const struct followed *a, const struct followed *b) {
    return a && b && str_eq(a->namespace, b->namespace);
}

bool lane_is_due(const struct magneto_lane *lane) {
    const struct followed *before = lane->of->previous;
    if (are_neighbours(before, lane->of) && !before->done)
        return false;
    return !lane->parent || lane->parent->done;
}

/* Whether everything of the stream was read, and nothing can come any more; then the next one is due. */
static void settle_done(struct followed *followed) {
    if (followed->done || (followed->stream && !followed->stream->disabled_ms))
        return;
    for (struct magneto_lane *lane = followed->lanes; lane; lane = lane->next)
        if (!lane->done)
            return;
    followed->done = true;
    if (are_neighbours(followed, followed->next))
        queue_all(followed->next);
}

void lane_finish(struct magneto_lane *lane) {
    lane->done = true;
    queue_all(lane->of); /* children among them */
    settle_done(lane->of);
}

/* --- lanes -------------------------------------------------------------------------------------------------------- */

struct position_owner lane_owner(const struct magneto_lane *lane) {
    const struct magneto_consumer *consumer = lane->of->consumer;
    return (struct position_owner){lane->of->namespace, consumer->table, consumer->name};
}

static struct magneto_lane *find_lane(struct followed *followed, struct str id) {
    struct magneto_lane *lane = followed->lanes;
    while (lane && !str_eq(lane->id, id))
        lane = lane->next;
    return lane;
}

/* The lane's own position, else the start of its namespace, else the consumer's. */
static enum store_rc find_position(struct magneto *m, struct magneto_lane *lane) {
    struct position_owner owner = lane_owner(lane);
    struct arena *arena = &m->consumers.arena;
    enum store_rc rc = position_get(m->store, &owner, lane->id, arena, &lane->position);
    if (rc == STORE_NOT_FOUND)
        rc = position_get(m->store, &owner, STR_NONE, arena, &lane->position);
    if (rc != STORE_NOT_FOUND)
        return rc;
    lane->position = lane->of->consumer->start;
    return STORE_OK;
}

static enum store_rc add_lane(struct followed *followed, const struct shard *shard, struct magneto_lane **end,
                              struct magneto_lane **out) {
    struct magneto_lane *lane = ARENA_NEW(&followed->arena, struct magneto_lane);
    lane->of = followed;
    lane->id = arena_copy(&followed->arena, shard->id);
    lane->parent = shard->parent.len ? find_lane(followed, shard->parent) : NULL;
    *out = *end = lane;
    return find_position(followed->consumer->m, lane);
}

/* The lane of a shard that is new or closed may have records, or an end. One that was done may be open again when its
   stream was restored; otherwise it is soon done again. */
static void look_at_shard(struct magneto_lane *lane, const struct shard *shard, bool again) {
    bool closes = shard->last_seq && !lane->closed;
    lane->shard = shard;
    lane->done &= !again;
    lane->closed = shard->last_seq != 0;
    if (again || closes)
        lane_queue(lane);
}

/* A lane for each shard; those whose shards were trimmed away are done. again: the stream itself is new. */
static enum store_rc look_at_shards(struct followed *followed, bool again) {
    struct stream *stream = followed->stream;
    followed->done &= !again;
    for (struct magneto_lane *lane = followed->lanes; lane; lane = lane->next)
        lane->shard = NULL;
    struct magneto_lane **end = &followed->lanes; /* shards come in the order of the lanes */
    for (uint32_t i = 0; i < stream->shards_n; i++) {
        const struct shard *shard = &stream->shards[i];
        while (*end && !str_eq((*end)->id, shard->id))
            end = &(*end)->next;
        struct magneto_lane *lane = *end;
        bool is_new = !lane;
        enum store_rc rc = is_new ? add_lane(followed, shard, end, &lane) : STORE_OK;
        if (rc != STORE_OK)
            return rc;
        look_at_shard(lane, shard, again || is_new);
    }
    for (struct magneto_lane *lane = followed->lanes; lane; lane = lane->next)
        if (!lane->shard && !lane->done)
            lane_finish(lane);
    settle_done(followed);
    return STORE_OK;
}

/* --- streams ------------------------------------------------------------------------------------------------------ */

static bool goes_before(const struct followed *a, const struct followed *b) {
    int c = str_cmp(a->namespace, b->namespace);
    return c ? c < 0 : a->first_seq < b->first_seq;
}

static void enter(struct magneto_consumer *consumer, struct followed *followed) {
    struct followed *before = NULL, *after = consumer->streams;
    while (after && goes_before(after, followed)) {
        before = after;
        after = after->next;
    }
    followed->previous = before;
    followed->next = after;
    *(before ? &before->next : &consumer->streams) = followed;
    if (after)
        after->previous = followed;
}

static void leave(struct followed *followed) {
    struct followed *before = followed->previous, *after = followed->next;
    *(before ? &before->next : &followed->consumer->streams) = after;
    if (after)
        after->previous = before;
}

static struct followed *add_followed(struct magneto_consumer *consumer, struct stream *stream) {
    struct arena arena;
    arena_init(&arena, FOLLOWED_ARENA_BYTES);
    struct followed *followed = ARENA_NEW(&arena, struct followed);
    followed->consumer = consumer;
    followed->namespace = arena_copy(&arena, stream->namespace);
    followed->label = arena_copy(&arena, stream->label);
    followed->arn = arn_of_stream(&arena, stream->region, stream->table, stream->label);
    followed->first_seq = stream->shards_n ? stream->shards[0].first_seq : 0;
    followed->arena = arena;
    enter(consumer, followed);
    return followed;
}

/* Both lists are nearly in one order: the search begins behind the stream that was found last. */
static struct followed *find_followed(struct magneto_consumer *consumer, const struct stream *stream,
                                      const struct followed *last) {
    struct followed *at = last && last->next ? last->next : consumer->streams, *begin = at;
    while (at) {
        if (str_eq(at->label, stream->label) && str_eq(at->namespace, stream->namespace))
            return at;
        at = at->next ? at->next : consumer->streams;
        if (at == begin)
            return NULL;
    }
    return NULL;
}

void followed_free(struct followed *followed) {
    struct arena arena = followed->arena;
    stream_unwatch(followed->consumer->m->streams, &followed->watch);
    for (struct magneto_lane *lane = followed->lanes; lane; lane = lane->next) {
        buf_free(&lane->text);
        free(lane->records);
    }
    arena_free(&arena);
}

void followed_release(struct followed *followed) {
    if (followed->stream || followed->users)
        return;
    for (struct magneto_lane *lane = followed->lanes; lane; lane = lane->next)
        leave_queue(lane);
    leave(followed);
    followed_free(followed);
}

/* Nothing is left to be read of it: the stream behind it is due. */
static void lose(struct followed *followed) {
    followed->stream = NULL;
    for (struct magneto_lane *lane = followed->lanes; lane; lane = lane->next) {
        lane->shard = NULL;
        lane->done = true;
    }
    settle_done(followed);
    followed_release(followed);
}

/* --- look --------------------------------------------------------------------------------------------------------- */

static bool is_of(const struct magneto_consumer *consumer, const struct stream *stream) {
    return str_eq(stream->table, consumer->table) &&
           (!consumer->namespace.len || str_eq(stream->namespace, consumer->namespace));
}

static enum store_rc look_at_streams(struct magneto_consumer *consumer) {
    struct followed *last = NULL, *next;
    struct stream *stream;
    enum store_rc rc = STORE_OK;
    for (struct followed *at = consumer->streams; at; at = at->next)
        at->seen = false;
    for (size_t i = 0; rc == STORE_OK && (stream = stream_at(consumer->m->streams, i)); i++) {
        if (!is_of(consumer, stream))
            continue;
        struct followed *found = find_followed(consumer, stream, last);
        last = found ? found : add_followed(consumer, stream);
        last->stream = stream;
        last->seen = true;
        rc = look_at_shards(last, stream_watch(stream, &last->watch));
    }
    for (struct followed *at = consumer->streams; rc == STORE_OK && at; at = next) {
        next = at->next;
        if (!at->seen)
            lose(at);
    }
    return rc;
}

static bool look_at_definitions(struct magneto *m) {
    enum store_rc rc = STORE_OK;
    m->consumers.changes_seen = streams_changes(m->streams);
    arena_reset(&m->consumers.arena);
    for (struct magneto_consumer *consumer = m->consumers.first; consumer && rc == STORE_OK; consumer = consumer->next)
        rc = look_at_streams(consumer);
    if (rc == STORE_OK)
        return true;
    m->consumers.changes_seen = 0;
    core_log(m, 0, "the streams of triggers cannot be read");
    return false;
}

static void look_at_records(struct magneto *m) {
    struct stream_watch *watch;
    while ((watch = stream_appended(m->streams)))
        queue_all((struct followed *)watch);
}

bool consumers_look(struct magneto *m) {
    if (m->consumers.changes_seen != streams_changes(m->streams) && !look_at_definitions(m))
        return false;
    look_at_records(m);
    return true;
}
