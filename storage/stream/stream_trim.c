/* Trimming: records go when they are 24 hours old, closed shards an hour after that, streams when they have been
   disabled for 24 hours. Readers do not wait for it (they know the horizon), so it runs in rounds over all streams,
   bounded steps at a time, with a pause between rounds; until the oldest thing is due nothing is looked at. */
#include "stream_state.h"

enum { ROUND_PAUSE_MS = 10 * 1000, TRIM_MOST = 64 };

void streams_due(struct streams *streams, int64_t at_ms) {
    if (at_ms < streams->due_ms)
        streams->due_ms = at_ms;
}

int64_t stream_trim_due_ms(const struct streams *streams) { return streams->in_round ? INT64_MIN : streams->due_ms; }

static void begin_round(struct streams *streams) {
    streams->in_round = true;
    streams->round_at = streams->round_shard = 0;
    streams->due_ms = INT64_MAX;
}

/* Also in the middle of a round: what it has passed may be due now. */
void stream_trim_again(struct streams *streams) { begin_round(streams); }

/* Sequence numbers and times of the oldest records of a log, as many as are older than not_before_ms, at most n. When
   the log goes on, *next_ms is the time of the record behind them. */
struct old_records {
    uint64_t seq[TRIM_MOST];
    int64_t time_ms[TRIM_MOST];
    uint32_t n;
    int64_t next_ms;
};

static enum store_rc collect(struct streams *streams, uint32_t space, int64_t not_before_ms, uint32_t most,
                             struct old_records *old) {
    uint8_t key[LOG_KEY_BYTES];
    old->n = 0;
    old->next_ms = INT64_MAX;
    arena_reset(&streams->scratch);
    struct store_cursor *cursor = store_cursor_open(streams->store, &streams->scratch);
    enum store_rc rc = store_cursor_seek(cursor, log_key(space, 0, 0, key), true, false);
    for (; rc == STORE_OK; rc = store_cursor_next(cursor)) {
        int64_t time_ms = log_key_ms(store_cursor_key(cursor));
        if (time_ms >= not_before_ms || old->n == most) {
            old->next_ms = time_ms;
            break;
        }
        old->seq[old->n] = log_key_seq(store_cursor_key(cursor));
        old->time_ms[old->n++] = time_ms;
    }
    store_cursor_close(cursor);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

static enum store_rc remove_records(struct streams *streams, struct shard *shard, const struct old_records *old) {
    uint8_t key[LOG_KEY_BYTES];
    for (uint32_t i = 0; i < old->n; i++) {
        enum store_rc rc = store_delete(streams->store, log_key(shard->space, old->seq[i], old->time_ms[i], key));
        if (rc != STORE_OK)
            return rc;
        shard->trimmed_seq = old->seq[i];
    }
    return STORE_OK;
}

/* *used: records removed. *finished: what is left of the shard is younger, and its time is noted. */
static enum store_rc trim_records(struct streams *streams, struct shard *shard, int64_t not_before_ms, uint32_t most,
                                  uint32_t *used, bool *finished) {
    struct old_records old;
    enum store_rc rc = collect(streams, shard->space, not_before_ms, most, &old);
    if (rc == STORE_OK)
        rc = remove_records(streams, shard, &old);
    *used = old.n;
    *finished = old.next_ms >= not_before_ms;
    if (*finished && old.next_ms != INT64_MAX)
        streams_due(streams, old.next_ms + STREAM_RETENTION_MS);
    return rc;
}

static void remove_shard(struct stream *stream, uint32_t place) {
    struct shard *at = stream->shards + place;
    memmove(at, at + 1, sizeof *at * (stream->shards_n - place - 1));
    stream->shards_n--;
    shards_index(stream);
}

/* Looks at the round's next shard of a stream. */
static enum store_rc visit_shard(struct streams *streams, struct stream *stream, int64_t now_ms, uint32_t most,
                                 uint32_t *used) {
    struct shard *shard = &stream->shards[streams->round_shard];
    bool finished, gone = shard_is_gone(shard, now_ms);
    enum store_rc rc = trim_records(streams, shard, now_ms - STREAM_RETENTION_MS, most, used, &finished);
    if (rc != STORE_OK)
        return rc;
    if (shard->last_seq)
        streams_due(streams, shard->closed_ms + STREAM_RETENTION_MS + SHARD_LINGER_MS);
    if (finished && gone)
        remove_shard(stream, streams->round_shard);
    else
        streams->round_shard += finished;
    return *used || (finished && gone) ? stream_save(streams, stream) : STORE_OK;
}

/* A stream that is gone loses its shards, the newest first, each with its log; then its name. */
static enum store_rc remove_stream(struct streams *streams, struct stream *stream, uint32_t most, uint32_t *used) {
    bool finished;
    *used = most;
    if (!stream->shards_n)
        return stream_drop(streams, streams->round_at);
    enum store_rc rc = store_clear_some(streams->store, stream->shards[stream->shards_n - 1].space, most, &finished);
    if (rc != STORE_OK || !finished)
        return rc;
    remove_shard(stream, stream->shards_n - 1);
    rc = streams_save_counter(streams);
    return rc == STORE_OK ? stream_save(streams, stream) : rc;
}

/* Looks at the round's next stream. */
static enum store_rc visit(struct streams *streams, int64_t now_ms, uint32_t most, uint32_t *used) {
    struct stream *stream = streams->order[streams->round_at];
    if (stream_is_gone(stream, now_ms)) {
        streams->round_shard = 0;
        return remove_stream(streams, stream, most, used);
    }
    if (stream->disabled_ms)
        streams_due(streams, stream->disabled_ms + STREAM_RETENTION_MS);
    if (streams->round_shard < stream->shards_n)
        return visit_shard(streams, stream, now_ms, most, used);
    streams->round_shard = 0;
    streams->round_at++;
    return STORE_OK;
}

enum store_rc stream_trim_some(struct streams *streams, int64_t now_ms, uint32_t most, bool *done) {
    if (!streams->in_round && now_ms >= streams->due_ms)
        begin_round(streams);
    if (most > TRIM_MOST)
        most = TRIM_MOST;
    while (streams->in_round && most) {
        if (streams->round_at >= streams->n) {
            streams->in_round = false;
            if (streams->due_ms < now_ms + ROUND_PAUSE_MS)
                streams->due_ms = now_ms + ROUND_PAUSE_MS;
            break;
        }
        uint32_t used = 0;
        enum store_rc rc = visit(streams, now_ms, most, &used);
        if (rc != STORE_OK)
            return rc;
        most -= used < most ? used + 1 : most;
    }
    *done = !streams->in_round;
    return STORE_OK;
}
