/* All streams of a namespace go: definitions and positions in them at once, the bytes of their logs later. */
#include "job.h"
#include "stream_state.h"

static enum store_rc clear_logs(struct streams *streams, const struct stream *stream) {
    enum store_rc rc = STORE_OK;
    for (uint32_t i = 0; i < stream->shards_n && rc == STORE_OK; i++)
        rc = job_clear_space(streams->store, stream->shards[i].space);
    return rc;
}

enum store_rc streams_remove(struct streams *streams, struct str namespace) {
    uint32_t place = stream_place(streams, namespace, STR_NONE, STR_NONE);
    enum store_rc rc = STORE_OK;
    streams->round_at = streams->round_shard = 0; /* places change: a round that is under way begins anew */
    while (rc == STORE_OK && place < streams->n && str_eq(streams->order[place]->namespace, namespace)) {
        rc = clear_logs(streams, streams->order[place]);
        if (rc == STORE_OK)
            rc = stream_drop(streams, place);
    }
    return rc;
}
