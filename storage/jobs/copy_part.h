/* Parts of a copy: a namespace that is kept aside consists of the definitions of its streams and tables, with spaces of
   their own. A copy has a number, which is the space in which its parts stand:

     number | place (4 bytes, big endian) -> kind (1) | n (1) | n times: items (8), bytes (8) | rows of the definition

   Kind 1 is a stream, 2 a table. The counters, little endian, are the table's and then its indexes'; a stream has none.
   Streams come before tables. A table's stream_space is not to be relied on: its stream is found by its label. */
#ifndef MAGNETO_COPY_PART_H
#define MAGNETO_COPY_PART_H

#include "stream.h"

enum copy_part_kind { COPY_PART_STREAM = 1, COPY_PART_TABLE = 2 };

struct copy_part {
    enum copy_part_kind kind;
    struct table table;
    struct stream stream;
};

enum store_rc copy_part_write(struct store *store, uint32_t number, uint32_t place,
                              const struct copy_part *part) MUST_USE;
/* Texts and lists are in the arena. STORE_NOT_FOUND behind the last place. */
enum store_rc copy_part_read(struct store *store, uint32_t number, uint32_t place, struct arena *arena,
                             struct copy_part *out) MUST_USE;
enum store_rc copy_part_delete(struct store *store, uint32_t number, uint32_t place) MUST_USE;
/* The place of the first part; STORE_NOT_FOUND: there is none. */
enum store_rc copy_part_first(struct store *store, uint32_t number, struct arena *arena, uint32_t *place) MUST_USE;

/* Where the definition names the spaces that hold records, each once; how many: at most COPY_PART_SPACES_MAX. */
enum { COPY_PART_SPACES_MAX = LIMIT_STREAM_SHARDS };
uint32_t copy_part_spaces(struct copy_part *part, struct arena *arena, uint32_t ***out);

#endif
