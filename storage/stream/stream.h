/* Stream definitions, shards and the log of records. A stream is one enable of a table: it has a label and shards, and
   outlives disable and drop for 24 hours. A shard has a log space of its own and a range of the hash of partition keys.
   The open shards share all of the hash without overlap; a split closes them and gives their ranges to children, so the
   records of a key lie in one line of descent.

   Sequence numbers come from one counter of the file, so they grow over every stream, table and restart. On the wire
   they are 21 digits: STREAM_SEQUENCE_LEAD and the counter as 20 digits. */
#ifndef MAGNETO_STREAM_H
#define MAGNETO_STREAM_H

#include "table.h"

#define STREAM_SEQUENCE_LEAD '3'
enum { STREAM_SEQUENCE_BYTES = 21, STREAM_SHARD_ID_BYTES = 37 };

enum stream_event { STREAM_INSERT = 1, STREAM_MODIFY, STREAM_REMOVE };

struct shard {
    struct str id;
    struct str parent;  /* empty: none */
    uint64_t first_seq; /* StartingSequenceNumber */
    uint64_t last_seq;  /* EndingSequenceNumber; 0: open */
    uint32_t space;     /* of its log */
    uint32_t hash_first, hash_last;
    int64_t closed_ms;    /* not before its newest record; 0: open */
    uint64_t trimmed_seq; /* the newest record that was removed; 0: none yet */

    /* Memory only. */
    int64_t newest_ms; /* the time by which its newest record is trimmed, while it is open; 0: none */
};

struct stream {
    struct str namespace, table, region, label;
    uint32_t space; /* its number; also the log of its first shard */
    enum stream_view view;
    struct key_schema key;
    int64_t created_ms;
    int64_t disabled_ms;  /* 0: enabled */
    struct shard *shards; /* oldest first: their numbers and their ids grow */
    uint32_t shards_n;
    uint64_t trimmed_seq; /* what the shard of a file has that was written before shards had it */
    uint64_t copied_seq;  /* the next number when it was copied; 0: never restored from a copy */
    uint64_t lost_seq; /* the next number when the copy was put back: between the two is what is gone (stream_lost) */

    /* Memory only. */
    struct arena arena; /* everything above lives here, the struct too */
    uint32_t *open;     /* places of the open shards, by hash */
    uint32_t open_n;
    struct stream *next_in_bucket;
    struct stream_watch *watches;
};

/* Who wants to know that records were appended to a stream; part of the watcher's own struct. */
struct stream_watch {
    struct stream_watch *next;          /* of the stream */
    struct stream_watch *next_appended; /* of those that stream_appended gives */
    bool appended;
};

struct stream_record {
    uint64_t seq;
    enum stream_event event;
    int64_t created_ms; /* by the clock of the write: may go back */
    enum stream_view view;
    bool by_ttl;
    uint8_t event_id[16];
    uint32_t size;
    struct val keys; /* maps; type VAL_NONE: not in the record */
    struct val new_image;
    struct val old_image;
};

struct streams;
enum store_rc streams_open(struct store *store, struct streams **out) MUST_USE;
void streams_close(struct streams *streams);
enum store_rc streams_reload(struct streams *streams) MUST_USE;

/* Opens a stream for a table that has none enabled, with one shard and a label that differs from every earlier one of
   the table. Fills table->stream, stream_label, stream_space; the caller saves the table. */
enum store_rc stream_enable(struct streams *streams, struct table *table, enum stream_view view,
                            int64_t now_ms) MUST_USE;
/* Closes every open shard; the stream stays readable for 24 hours. Clears table->stream and stream_space; the caller
   saves (or removes) the table. Nothing to do without an enabled stream. */
enum store_rc stream_disable(struct streams *streams, struct table *table, int64_t now_ms) MUST_USE;

/* Closes each open shard of the table's stream and opens one or two children of it. Pointers to the stream and its
   shards die. The table has an enabled stream, and stream_can_split. */
enum store_rc stream_split(struct streams *streams, const struct table *table, unsigned children,
                           int64_t now_ms) MUST_USE;
bool stream_can_split(const struct stream *stream, unsigned children);

/* A definition as the bytes of its record, and back; texts and shards of what is read are in the arena. */
void stream_encode(struct buf *out, const struct stream *stream);
bool stream_decode(struct stream *stream, struct arena *arena, struct str encoded) MUST_USE;
/* Stores a definition that was copied earlier (copied_seq) and whose logs are in their spaces; there is none of its
   name. */
enum store_rc stream_install(struct streams *streams, const struct stream *stream) MUST_USE;

/* All streams of a namespace are gone; their logs are left to the jobs (jobs_look_again). No table of the namespace has
   a stream that is enabled. `namespace` is not of a stream's memory. */
enum store_rc streams_remove(struct streams *streams, struct str namespace) MUST_USE;

/* Logs one change, in the open write transaction. old or new NULL: REMOVE or INSERT is told by which. Nothing happens
   when the table has no enabled stream. */
enum store_rc stream_append(struct streams *streams, const struct table *table, const struct item *old_item,
                            const struct item *new_item, bool by_ttl, int64_t now_ms) MUST_USE;

/* The table's enabled stream, NULL without one. Pointers to streams live until a stream is split or removed, or the
   streams are reloaded. */
struct stream *stream_of_table(struct streams *streams, const struct table *table);
/* NULL: none. */
struct stream *stream_find(struct streams *streams, struct str namespace, struct str region_or_empty, struct str table,
                           struct str label);
/* Streams of a namespace in table, label order, after (table, label); table may be empty: of every table. */
size_t stream_list(struct streams *streams, struct str namespace, struct str table, struct str after_table,
                   struct str after_label, struct stream **out, size_t most);

/* The stream was disabled so long ago that it is not there any more, though its bytes may be. */
static inline bool stream_is_gone(const struct stream *stream, int64_t now_ms) {
    return stream->disabled_ms && now_ms - stream->disabled_ms >= STREAM_RETENTION_MS;
}

/* The shard was closed so long ago that nothing shows it any more: an hour after its last record is trimmed, so that
   readers which are behind see its end. */
static inline bool shard_is_gone(const struct shard *shard, int64_t now_ms) {
    return shard->last_seq && now_ms - shard->closed_ms >= STREAM_RETENTION_MS + SHARD_LINGER_MS;
}

/* The first namespace above `after` in byte order that has a stream which is not gone; STR_NONE: none. Lives until
   definitions change. */
struct str stream_namespace_after(struct streams *streams, struct str after, int64_t now_ms);

/* The streams of all namespaces, by namespace, table and label; NULL behind the last one. The pointer lives until
   streams_changes. */
struct stream *stream_at(struct streams *streams, size_t place);
/* Goes up with every definition that is entered, changed, dropped or reloaded. */
uint64_t streams_changes(const struct streams *streams);
/* Goes up with every record that is appended. */
uint64_t streams_appends(const struct streams *streams);

/* Watches a stream, if it does not do so yet: false. When the stream goes, from memory too, the watch is over. */
bool stream_watch(struct stream *stream, struct stream_watch *watch);
/* Before the memory of a watch goes, whose stream is gone or not written to any more. */
void stream_unwatch(struct streams *streams, struct stream_watch *watch);
/* A watch to whose stream something was appended, each once; NULL: none. */
struct stream_watch *stream_appended(struct streams *streams);

/* Records of a shard with seq >= from that are not older than not_before_ms, read in order while `take` returns true.
   The record and its maps live until `take` returns. */
typedef bool (*stream_take)(void *data, const struct stream_record *record, uint32_t json_bytes_estimate);
enum store_rc stream_read(struct streams *streams, const struct shard *shard, uint64_t from, int64_t not_before_ms,
                          struct arena *arena, stream_take take, void *data) MUST_USE;

/* How many records stream_read would give, counted up to `most`. */
enum store_rc stream_count(struct streams *streams, const struct shard *shard, uint64_t from, int64_t not_before_ms,
                           struct arena *arena, uint64_t most, uint64_t *n) MUST_USE;

/* Behind the newest record of the shard that is older than not_before_ms: a position before this one is trimmed. A
   record is older than it has been written when the clock went back: it is not trimmed before those in front of it. */
enum store_rc stream_horizon(struct streams *streams, const struct shard *shard, int64_t not_before_ms,
                             struct arena *arena, uint64_t *seq) MUST_USE;

/* Whether a position is from between a copy of the stream and its being put back: what was there is gone. */
static inline bool stream_lost(const struct stream *stream, uint64_t position) {
    return stream->copied_seq && position > stream->copied_seq && position <= stream->lost_seq;
}

/* The next sequence number to be given. */
uint64_t stream_next_seq(const struct streams *streams);

/* A sequence number as on the wire; out is not terminated. Reading takes what clients may send: a leading +, zeros. */
struct str stream_sequence_text(uint64_t seq, char out[STREAM_SEQUENCE_BYTES]);
bool stream_sequence_read(struct str text, uint64_t *seq);

/* Removes up to `most` records, shards and streams whose time is over; *done: nothing is due. */
enum store_rc stream_trim_some(struct streams *streams, int64_t now_ms, uint32_t most, bool *done) MUST_USE;
/* From when on stream_trim_some has something to look at; INT64_MAX: nothing to wait for. */
int64_t stream_trim_due_ms(const struct streams *streams);
/* The clock was turned: what was expected when no longer holds. */
void stream_trim_again(struct streams *streams);

#endif
