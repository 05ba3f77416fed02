/* Records on their way: their JSON one behind the other with commas, so that any range of them is the middle of an
   event. */
#ifndef MAGNETO_TRIGGER_BATCH_H
#define MAGNETO_TRIGGER_BATCH_H

#include "buf.h"
#include "magneto.h"

#define BATCH_EVENT_BEGIN "{\"Records\":["
#define BATCH_EVENT_END   "]}"
/* An event, as Lambda takes it. A record that is longer goes alone. */
#define BATCH_EVENT_MAX ((size_t)6 << 20)
#define BATCH_TEXT_MAX  ((size_t)1 << 30)

struct batch_record {
    size_t at, len; /* in the text */
    uint64_t next;  /* the position behind it */
    char sequence[32];
    int64_t created_ms;
};

struct batch {
    struct buf text;
    struct batch_record *records;
    size_t n, cap;
    uint64_t next; /* the position behind all that was read, passed over or not; 0: nothing was */
};

void batch_init(struct batch *batch);
void batch_free(struct batch *batch);

bool batch_has_room(const struct batch *batch, size_t json_len);
void batch_add(struct batch *batch, const magneto_record *record);

/* The text of a range, without the event's begin and end. */
struct str batch_range(const struct batch *batch, size_t begin, size_t end);

#endif
