/* A JSON text and the way to what is wanted of it. Absence travels: of NULL, or of what is no object, each member is
   NULL, and so the end of a path needs one look. */
#ifndef MAGNETO_DOCUMENT_H
#define MAGNETO_DOCUMENT_H

#include "tape.h"

struct document {
    struct tape tape;
    struct arena *arena;
};

/* The text has to stay where it is, the arena too. Returns 0, or -1 when it is no JSON. */
int document_read(struct document *out, struct arena *arena, struct str text) MUST_USE;

const struct token *document_root(const struct document *document);
const struct token *member_of(const struct document *document, const struct token *object, const char *name);

/* A string's text; p is NULL for what is no string. */
struct str text_of(const struct document *document, const struct token *token);
struct str member_text(const struct document *document, const struct token *object, const char *name);
/* An integer of at most 18 digits, or `fallback`. */
int64_t integer_of(const struct document *document, const struct token *token, int64_t fallback);
bool is_true(const struct token *token);

/* The value as the text has it. */
struct str raw_of(const struct document *document, const struct token *token);

/* Elements of an array, none of what is no array:
     for (struct elements e = elements_of(document, array); e.at; elements_next(&e)) ... e.at ... */
struct elements {
    const struct document *document;
    const struct token *at; /* NULL: no further one */
    uint32_t left;
};
struct elements elements_of(const struct document *document, const struct token *array);
void elements_next(struct elements *elements);

#endif
