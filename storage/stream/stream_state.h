/* What the stream modules keep in memory; for stream*.c only. */
#ifndef MAGNETO_STREAM_STATE_H
#define MAGNETO_STREAM_STATE_H

#include "duration.h"
#include "stream.h"

enum { RANDOM_POOL_BYTES = 256 /* getrandom gives this many or fewer at once, signals or not */ };

enum { STREAM_BUCKETS = 1024, LABEL_SPANS = 32 };

/* Times whose labels are not given again, ascending; see stream_labels.c. */
struct label_spans {
    struct label_span {
        int64_t first_ms, last_ms;
    } span[LABEL_SPANS + 1];
    uint32_t n;
};

struct streams {
    struct store *store;
    struct stream **order; /* by namespace, table, label */
    uint32_t n, cap;
    struct stream *bucket[STREAM_BUCKETS]; /* by space: writes find the stream of their table here */
    uint64_t next_seq;
    uint64_t changes, appends;
    struct stream_watch *appended; /* what stream_appended gives */
    struct label_spans gone;       /* of streams that are gone for good */
    struct buf record;             /* the log record that is being written */
    struct arena scratch;          /* of one call */
    uint8_t random[RANDOM_POOL_BYTES];
    size_t random_left;

    /* Trimming looks at every stream in a round; rounds begin at due_ms at the earliest. */
    int64_t due_ms;
    bool in_round;
    uint32_t round_at, round_shard; /* the next stream to look at, and its shard */
};

void streams_random(struct streams *streams, void *out, size_t bytes);

/* A record is appended. */
void watches_tell(struct streams *streams, struct stream *stream);

/* Something will be 24 hours old at this time. */
void streams_due(struct streams *streams, int64_t at_ms);

/* The first place in the order that is not before these names. */
uint32_t stream_place(const struct streams *streams, struct str namespace, struct str table, struct str label);

/* Writes the stream's definition, as it is in memory. */
enum store_rc stream_save(struct streams *streams, const struct stream *stream) MUST_USE;
/* A copy of what stream_save would write, entered in memory, also in place of an older one (or NULL). */
struct stream *stream_keep(struct streams *streams, const struct stream *stream, struct stream *older);
/* Before shards or a stream go whose numbers may be the greatest that were given. */
enum store_rc streams_save_counter(struct streams *streams) MUST_USE;
/* Takes the definition out of store and memory. */
enum store_rc stream_drop(struct streams *streams, uint32_t place) MUST_USE;

/* The label of the first millisecond from *ms on that no stream of the table had. */
struct str label_fresh(struct streams *streams, const struct table *table, int64_t *ms, char out[INSTANT_BYTES + 1]);
void labels_gone(struct label_spans *spans, int64_t created_ms);
void labels_put(struct buf *out, const struct label_spans *spans);
bool labels_read(struct label_spans *spans, struct str bytes);

/* Finds the open shards of a definition that was read. */
void shards_index(struct stream *stream);
/* The open shard that takes the records of an item. */
struct shard *shard_of_item(struct stream *stream, const struct val *attrs);

/* Log keys: shard's space | seq (8 bytes) | time in ms (8 bytes), big endian. The time is there so that trimming and
   the search for the horizon never read a value, and never less than that of the record before: a record that was
   written after the clock went back has its own time in the value. */
enum { LOG_KEY_BYTES = 20 };
struct str log_key(uint32_t space, uint64_t seq, int64_t time_ms, uint8_t out[LOG_KEY_BYTES]);
uint64_t log_key_seq(struct str key);
int64_t log_key_ms(struct str key);

/* Number and time of the newest record in a log, 0 when it is empty. */
enum store_rc log_newest(struct streams *streams, uint32_t space, uint64_t *seq, int64_t *time_ms) MUST_USE;

#endif
