/* Reading attribute values, inside of shape/: value_decode is its public face. */
#ifndef MAGNETO_VALUE_H
#define MAGNETO_VALUE_H

#include "mismatch.h"
#include "shape.h"

struct value_reader {
    const struct tape *tape;
    struct arena *arena;
    struct err *err;
    struct buf *out;           /* encoded bytes are appended */
    struct value_fault *fault; /* what is wrong so far */
    int rank;                  /* of *fault among the faults of one value: enum fault_rank */
    int levels_most;           /* a value on a deeper level is too deep */
    bool depth_last;           /* and that counts less than any other fault */
    bool falls_back;           /* saw what makes a request fall back to the classic layer (14 section 1.3) */
};

/* Which fault of one value with several members is reported (14 section 3.3); of duplicates nothing is recorded. */
enum fault_rank { RANK_SET_EMPTY, RANK_NUMBER, RANK_NULL_FALSE, RANK_DUPLICATE, RANK_INSIDE, RANK_SHAPE };

/* A value on `level` (1: top), as an element or entry: the token may be anything. */
int value_read_element(struct value_reader *x, const struct token *token, int level) MUST_USE;

/* The same as a named member. */
int value_read_member(struct value_reader *x, const struct token *token) MUST_USE;

/* The entries of a map whose values are on `level`: appends names and values. placeholders: the names are no attribute
   names. With `top` a fault remembers the entry it was found in. */
struct entries_kind {
    bool placeholders, top;
};
int value_read_entries(struct value_reader *x, const struct token *object, int level, struct entries_kind kind,
                       uint32_t *count) MUST_USE;

/* Remembers a fault unless one that is as urgent is known. */
void value_fault_text(struct value_reader *x, enum fault_rank rank, struct str text);
void value_fault_msg(struct value_reader *x, enum fault_rank rank, enum msg_id id);

/* A number's canonical text, in the arena or a view of the source; `sent` itself with a fault. */
struct str value_number(struct value_reader *x, struct str sent);
/* Decoded bytes in the arena; -1 with a SerializationException. */
int value_blob(struct value_reader *x, const struct token *token, struct str *out) MUST_USE;
/* SS, NS, BS: sorted, checked, encoded. */
int value_read_set(struct value_reader *x, enum val_type type, const struct token *token) MUST_USE;

#endif
