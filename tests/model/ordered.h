/* The model: a sorted array of keys with values that are told by a seed and a length, in memory. It stands for what the
   store should hold. Entries are shared between copies, so taking a copy at every commit is cheap. */
#ifndef MAGNETO_MODEL_ORDERED_H
#define MAGNETO_MODEL_ORDERED_H

#include "str.h"

struct entry {
    int refs;
    struct str key; /* lives behind the struct */
    uint32_t value_seed;
    uint32_t value_len;
};

struct ordered {
    struct entry **at;
    size_t n;
    size_t cap;
};

/* Index of the first entry with a key >= key. */
size_t ordered_lower(const struct ordered *model, struct str key);
/* NULL: none. */
struct entry *ordered_find(const struct ordered *model, struct str key);
void ordered_put(struct ordered *model, struct str key, uint32_t value_seed, uint32_t value_len);
void ordered_remove(struct ordered *model, size_t index);
void ordered_copy(struct ordered *out, const struct ordered *from);
void ordered_free(struct ordered *model);

#endif
