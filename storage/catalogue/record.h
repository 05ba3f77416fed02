/* Structs as stored definitions: a record is an encoded map (val.h) with an entry per field, described by rows. Records
   outlive builds, so reading passes over names that it does not know and leaves a field that is missing at its default;
   a new field is a new row, and nothing else. */
#ifndef MAGNETO_RECORD_H
#define MAGNETO_RECORD_H

#include "arena.h"
#include "buf.h"

enum field_type {
    FIELD_STR,    /* struct str; absent while p is NULL */
    FIELD_I64,    /* int64_t, uint64_t */
    FIELD_U32,    /* uint32_t, enums */
    FIELD_BOOL,   /* bool */
    FIELD_STRS,   /* struct str *, with a uint32_t count */
    FIELD_STRUCT, /* a struct in place */
    FIELD_LIST,   /* pointer to structs, with a uint32_t count */
    FIELD_ARRAY   /* structs in place, at most `most`, with a uint8_t count */
};

struct record;

struct field {
    const char *name;
    enum field_type type;
    size_t offset;
    size_t count_offset;     /* STRS, LIST, ARRAY */
    const struct record *of; /* STRUCT, LIST, ARRAY */
    uint32_t most;
};

struct record {
    size_t bytes;         /* of the struct */
    const void *defaults; /* what the struct is before reading; NULL: zeros */
    const struct field *fields;
    uint32_t n;
};

/* Appends the encoded map. */
void record_encode(struct buf *out, const struct record *record, const void *from);

/* Fills the struct; texts and lists come from the arena. False when the bytes are no such record. */
bool record_decode(void *to, const struct record *record, struct arena *arena, struct str encoded) MUST_USE;

#endif
