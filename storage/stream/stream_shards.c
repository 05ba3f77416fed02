/* Which shard of a stream takes the records of an item: the open one whose range holds the hash of the partition key,
   the hash by which items are stored too, so it is the same in every build. */
#include "key.h"
#include "stream_state.h"

/* Inserts the place of an open shard by its range. */
static void index_open(struct stream *stream, uint32_t place) {
    uint32_t i = stream->open_n++;
    for (; i && stream->shards[stream->open[i - 1]].hash_first > stream->shards[place].hash_first; i--)
        stream->open[i] = stream->open[i - 1];
    stream->open[i] = place;
}

void shards_index(struct stream *stream) {
    stream->open_n = 0;
    for (uint32_t i = 0; i < stream->shards_n; i++)
        if (!stream->shards[i].last_seq)
            index_open(stream, i);
}

static uint32_t hash_of(const struct key_schema *key, const struct val *attrs) {
    struct val value;
    ENSURE(val_get(attrs, key->hash[0].name, &value));
    return (uint32_t)(key_hash(&value, 1) >> 32);
}

struct shard *shard_of_item(struct stream *stream, const struct val *attrs) {
    uint32_t low = 0, high = stream->open_n;
    uint32_t hash = stream->open_n > 1 ? hash_of(&stream->key, attrs) : 0;
    ENSURE(stream->open_n);
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (stream->shards[stream->open[middle]].hash_first <= hash)
            low = middle;
        else
            high = middle;
    }
    return &stream->shards[stream->open[low]];
}
