/* Trimming: records go when they are 24 hours old, streams when they have been disabled that long. Readers do not wait
   for it (they know the horizon), so it runs in rounds over all streams, bounded steps at a time, with a pause between
   rounds; until the oldest thing is due nothing is looked at. */
#include "stream_state.h"

enum { ROUND_PAUSE_MS = 10 * 1000, TRIM_MOST = 64 };

void streams_due(struct streams *streams, int64_t at_ms) {
    if (at_ms < streams->due_ms)
        streams->due_ms = at_ms;
}

int64_t stream_trim_due_ms(const struct streams *streams) {
    return streams->in_round ? INT64_MIN : streams->due_ms;
}

/* Sequence numbers and times of the oldest records of a log, as many as are older than not_before_ms, at most n. When
   the log goes on, *next_ms is the time of the record behind them. */
struct old_records {
    uint64_t seq[TRIM_MOST];
    int64_t created_ms[TRIM_MOST];
    uint32_t n;
    int64_t next_ms;
};

static enum store_rc collect(struct streams *streams, const struct stream *stream, int64_t not_before_ms, uint32_t most,
                             struct old_records *old) {
    uint8_t key[LOG_KEY_BYTES];
    old->n = 0;
    old->next_ms = INT64_MAX;
    arena_reset(&streams->scratch);
    struct store_cursor *cursor = store_cursor_open(streams->store, &streams->scratch);
    enum store_rc rc = store_cursor_seek(cursor, log_key(stream->space, 0, 0, key), true, false);
    for (; rc == STORE_OK; rc = store_cursor_next(cursor)) {
        int64_t created_ms = log_key_created_ms(store_cursor_key(cursor));
        if (created_ms >= not_before_ms || old->n == most) {
            old->next_ms = created_ms;
            break;
        }
        old->seq[old->n] = log_key_seq(store_cursor_key(cursor));
        old->created_ms[old->n++] = created_ms;
    }
    store_cursor_close(cursor);
    return rc == STORE_NOT_FOUND ? STORE_OK : rc;
}

static enum store_rc remove_records(struct streams *streams, struct stream *stream, const struct old_records *old) {
    uint8_t key[LOG_KEY_BYTES];
    for (uint32_t i = 0; i < old->n; i++) {
        enum store_rc rc = store_delete(streams->store, log_key(stream->space, old->seq[i], old->created_ms[i], key));
        if (rc != STORE_OK)
            return rc;
        stream->trimmed_seq = old->seq[i];
    }
    return old->n ? stream_save(streams, stream) : STORE_OK;
}

/* *used: records removed. *finished: what is left of the stream is younger, and its time is noted. */
static enum store_rc trim_records(struct streams *streams, struct stream *stream, int64_t not_before_ms, uint32_t most,
                                  uint32_t *used, bool *finished) {
    struct old_records old;
    enum store_rc rc = collect(streams, stream, not_before_ms, most, &old);
    if (rc == STORE_OK)
        rc = remove_records(streams, stream, &old);
    *used = old.n;
    *finished = old.next_ms >= not_before_ms;
    if (*finished && old.next_ms != INT64_MAX)
        streams_due(streams, old.next_ms + STREAM_RETENTION_MS);
    if (stream->disabled_ms)
        streams_due(streams, stream->disabled_ms + STREAM_RETENTION_MS);
    return rc;
}

/* Looks at the round's next stream. */
static enum store_rc visit(struct streams *streams, int64_t now_ms, uint32_t most, uint32_t *used) {
    struct stream *stream = streams->order[streams->round_at];
    bool finished;
    enum store_rc rc;
    if (stream_is_gone(stream, now_ms)) {
        *used = most;
        rc = store_clear_some(streams->store, stream->space, most, &finished);
        return rc == STORE_OK && finished ? stream_drop(streams, streams->round_at) : rc;
    }
    rc = trim_records(streams, stream, now_ms - STREAM_RETENTION_MS, most, used, &finished);
    streams->round_at += finished;
    return rc;
}

enum store_rc stream_trim_some(struct streams *streams, int64_t now_ms, uint32_t most, bool *done) {
    if (!streams->in_round && now_ms >= streams->due_ms) {
        streams->in_round = true;
        streams->round_at = 0;
        streams->due_ms = INT64_MAX;
    }
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
