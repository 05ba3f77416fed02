#include "batch.h"

#include "arena.h"

#include <stdlib.h>

enum { FIRST_RECORDS = 16 };

void batch_init(struct batch *batch) {
    *batch = (struct batch){0};
    buf_init(&batch->text, BATCH_TEXT_MAX);
}

void batch_free(struct batch *batch) {
    buf_free(&batch->text);
    free(batch->records);
    *batch = (struct batch){0};
}

bool batch_has_room(const struct batch *batch, size_t json_len) {
    size_t around = sizeof BATCH_EVENT_BEGIN + sizeof BATCH_EVENT_END; /* with room for a comma */
    return !batch->n || batch->text.len + json_len + around <= BATCH_EVENT_MAX;
}

void batch_add(struct batch *batch, const magneto_record *record) {
    if (batch->n == batch->cap) {
        batch->cap = batch->cap ? batch->cap * 2 : FIRST_RECORDS;
        batch->records = mem_realloc(batch->records, batch->cap * sizeof *batch->records);
    }
    if (batch->n)
        buf_put_byte(&batch->text, ',');
    struct batch_record *kept = &batch->records[batch->n++];
    *kept = (struct batch_record){.at = batch->text.len, .len = record->json_len, .next = record->next};
    kept->created_ms = record->created_ms;
    memcpy(kept->sequence, record->sequence, sizeof kept->sequence);
    buf_put(&batch->text, record->json, record->json_len);
    ENSURE(!batch->text.full);
}

struct str batch_range(const struct batch *batch, size_t begin, size_t end) {
    const struct batch_record *first = &batch->records[begin], *last = &batch->records[end - 1];
    return str_make(batch->text.p + first->at, last->at + last->len - first->at);
}
