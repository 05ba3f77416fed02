/* Shard iterators: `<StreamArn>|1|<base64>`. All that an iterator is stands in its text, so it outlives a restart and
   costs no memory. */
#ifndef MAGNETO_SHARD_ITERATOR_H
#define MAGNETO_SHARD_ITERATOR_H

#include "stream.h"

struct shard_iterator {
    struct str arn;    /* of the stream */
    uint64_t shard;    /* first_seq of the shard, which tells it from its siblings */
    uint64_t position; /* the next record has this number or a greater one */
    bool from_horizon; /* TRIM_HORIZON, and nothing read yet: what is trimmed meanwhile is not missed */
    int64_t issued_ms;
};

struct str shard_iterator_text(struct arena *arena, const struct shard_iterator *iterator);
/* Views into the text. False for what shard_iterator_text does not write. */
bool shard_iterator_read(struct shard_iterator *out, struct str text);

#endif
