/* Who is told of new records: a put costs its watchers a look at a flag, and they pay for the streams that have
   changed, not for those that they watch. */
#include "stream_state.h"

uint64_t streams_appends(const struct streams *streams) { return streams->appends; }

void watches_tell(struct streams *streams, struct stream *stream) {
    streams->appends++;
    for (struct stream_watch *watch = stream->watches; watch; watch = watch->next) {
        if (watch->appended)
            continue;
        watch->appended = true;
        watch->next_appended = streams->appended;
        streams->appended = watch;
    }
}

struct stream_watch *stream_appended(struct streams *streams) {
    struct stream_watch *watch = streams->appended;
    if (watch) {
        streams->appended = watch->next_appended;
        watch->appended = false;
    }
    return watch;
}

bool stream_watch(struct stream *stream, struct stream_watch *watch) {
    for (struct stream_watch *at = stream->watches; at; at = at->next)
        if (at == watch)
            return false;
    watch->next = stream->watches;
    stream->watches = watch;
    return true;
}

void stream_unwatch(struct streams *streams, struct stream_watch *watch) {
    struct stream_watch **at = &streams->appended;
    if (!watch->appended)
        return;
    while (*at != watch)
        at = &(*at)->next_appended;
    *at = watch->next_appended;
    watch->appended = false;
}
