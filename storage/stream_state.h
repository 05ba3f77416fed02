/* What the stream modules keep in memory; for stream*.c only. */
#ifndef MAGNETO_STREAM_STATE_H
#define MAGNETO_STREAM_STATE_H

#include "stream.h"

enum { RANDOM_POOL_BYTES = 256 /* getrandom gives this many or fewer at once, signals or not */ };

struct streams {
    struct store *store;
    struct stream **order; /* by namespace, table, label */
    uint32_t n, cap;
    uint64_t next_seq;
    struct buf record;    /* the log record that is being written */
    struct arena scratch; /* of one call */
    uint8_t random[RANDOM_POOL_BYTES];
    size_t random_left;

    /* Trimming looks at every stream in a round; rounds begin at due_ms at the earliest. */
    int64_t due_ms;
    bool in_round;
    uint32_t round_at; /* the next stream to look at */
};

void streams_random(struct streams *streams, void *out, size_t bytes);

/* Something will be 24 hours old at this time. */
void streams_due(struct streams *streams, int64_t at_ms);

/* Writes the stream's definition, as it is in memory. */
enum store_rc stream_save(struct streams *streams, const struct stream *stream) MUST_USE;
/* Takes the definition out of store and memory. */
enum store_rc stream_drop(struct streams *streams, uint32_t place) MUST_USE;

/* Log keys: stream space | seq (8 bytes) | created_ms (8 bytes), big endian; the time is there so that trimming and
   the search for the horizon never read a value. */
enum { LOG_KEY_BYTES = 20 };
struct str log_key(uint32_t space, uint64_t seq, int64_t created_ms, uint8_t out[LOG_KEY_BYTES]);
uint64_t log_key_seq(struct str key);
int64_t log_key_created_ms(struct str key);

/* The number of the newest record in the log, 0 when it is empty. */
enum store_rc log_newest(struct streams *streams, const struct stream *stream, uint64_t *seq) MUST_USE;

#endif
