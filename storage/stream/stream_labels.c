/* Labels: the time of the enable, and none that an earlier stream of the table has. Streams in memory are looked at; of
   those that are gone for good only spans of time are kept, at most LABEL_SPANS: a clock that goes back (frozen, set)
   may come to a time that had a label. Spans of the same hour are one. */
#include "bytes.h"
#include "duration.h"
#include "stream_state.h"

enum { SPAN_BYTES = 16, NEAR_MS = 3600 * 1000 };

static void remove_span(struct label_spans *spans, uint32_t place) {
    struct label_span *at = spans->span + place;
    memmove(at, at + 1, sizeof *at * (spans->n - place - 1));
    spans->n--;
}

/* Makes one span of those that touch; with `near_ms` also of those that are so near. */
static void join_near(struct label_spans *spans, int64_t near_ms) {
    for (uint32_t i = 1; i < spans->n;) {
        struct label_span *before = &spans->span[i - 1];
        if (spans->span[i].first_ms - before->last_ms > near_ms) {
            i++;
            continue;
        }
        if (before->last_ms < spans->span[i].last_ms)
            before->last_ms = spans->span[i].last_ms;
        remove_span(spans, i);
    }
}

static int64_t smallest_gap(const struct label_spans *spans) {
    int64_t gap = INT64_MAX;
    for (uint32_t i = 1; i < spans->n; i++)
        if (spans->span[i].first_ms - spans->span[i - 1].last_ms < gap)
            gap = spans->span[i].first_ms - spans->span[i - 1].last_ms;
    return gap;
}

void labels_gone(struct label_spans *spans, int64_t created_ms) {
    uint32_t place = spans->n++;
    for (; place && spans->span[place - 1].first_ms > created_ms; place--)
        spans->span[place] = spans->span[place - 1];
    spans->span[place] = (struct label_span){created_ms, created_ms};
    join_near(spans, NEAR_MS);
    if (spans->n > LABEL_SPANS)
        join_near(spans, smallest_gap(spans));
}

void labels_put(struct buf *out, const struct label_spans *spans) {
    uint8_t bytes[SPAN_BYTES];
    for (uint32_t i = 0; i < spans->n; i++) {
        bytes_put_be(bytes, (uint64_t)spans->span[i].first_ms, 8);
        bytes_put_be(bytes + 8, (uint64_t)spans->span[i].last_ms, 8);
        buf_put(out, bytes, sizeof bytes);
    }
}

bool labels_read(struct label_spans *spans, struct str bytes) {
    if (bytes.len % SPAN_BYTES || bytes.len / SPAN_BYTES > LABEL_SPANS)
        return false;
    spans->n = (uint32_t)(bytes.len / SPAN_BYTES);
    for (uint32_t i = 0; i < spans->n; i++) {
        const char *at = bytes.p + i * SPAN_BYTES;
        spans->span[i] = (struct label_span){(int64_t)bytes_get_be(at, 8), (int64_t)bytes_get_be(at + 8, 8)};
    }
    return true;
}

/* The first time from ms on that is in no span. */
static int64_t behind_spans(const struct label_spans *spans, int64_t ms) {
    for (uint32_t i = 0; i < spans->n; i++)
        if (spans->span[i].first_ms <= ms && ms <= spans->span[i].last_ms)
            ms = spans->span[i].last_ms + 1;
    return ms;
}

struct str label_fresh(struct streams *streams, const struct table *table, int64_t *ms, char out[INSTANT_BYTES + 1]) {
    for (;; ++*ms) {
        *ms = behind_spans(&streams->gone, *ms);
        if (*ms > INSTANT_MAX_MS)
            *ms = behind_spans(&streams->gone, 0); /* the clock is at its end: labels go on at its beginning */
        struct str label = instant_text(*ms, out);
        if (!str_eq(label, table->stream_label) &&
            !stream_find(streams, table->namespace, STR_NONE, table->name, label))
            return label;
    }
}
