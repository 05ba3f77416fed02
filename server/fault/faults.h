/* The faults that are asked for: which calls they are about, how often they strike, what they do. In memory only, in
   the order in which they came. Here is the list and how often; whom they strike is in strike.h. */
#ifndef MAGNETO_FAULTS_H
#define MAGNETO_FAULTS_H

#include "arena.h"
#include "val.h"

struct op;
struct fault_error;

/* Each costs every call a look. */
#define FAULTS_MAX 1000u
/* Of one fault's JSON. */
#define FAULT_BYTES_MAX 8192u

struct fault {
    struct str given; /* the JSON object that asked for it, without its closing bracket */

    /* Which calls; what is not set means all of them. */
    const struct op *op;
    struct str table, namespace;
    struct val key; /* attribute values, of which each must be the item's */

    /* How often. */
    uint64_t after, times; /* times 0: without end */
    double share;          /* 1: every call */
    uint64_t seed;

    /* What it does: one of these. */
    const struct fault_error *error;
    uint32_t unprocessed; /* so many entries come back */
    int64_t delay_ms;     /* of the answer, where the others are not set */
    struct str reason;    /* of a throttling error; p NULL: the one that fits */

    /* Of the list. */
    uint64_t id;   /* from 1 on, never given twice */
    uint64_t seen; /* calls that matched, the spared ones too */
    uint64_t hits;
    struct arena arena;
    struct fault *next;
};

struct faults {
    struct fault *first; /* NULL: none is set */
    uint32_t n;
    uint64_t last_id;
};

/* Adds a copy, texts and key included, behind the others. The list has less than FAULTS_MAX. */
struct fault *faults_add(struct faults *faults, const struct fault *fault);

/* False when there is none of that id. */
bool faults_remove(struct faults *faults, uint64_t id);
void faults_clear(struct faults *faults);

/* It has struck as often as it was to. */
static inline bool fault_is_spent(const struct fault *fault) { return fault->times && fault->hits == fault->times; }

/* One more call that matches: whether the fault strikes it. Which of them it strikes depends on the seed and on how
   many matched before, and on nothing else. */
bool fault_counts(struct fault *fault);

#endif
