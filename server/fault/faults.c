#include "faults.h"

#include <stdlib.h>

/* The list's own memory of one fault begins with as much. */
enum { FAULT_ARENA_BYTES = 256 };

static struct str keep(struct arena *arena, struct str text) { return text.p ? arena_copy(arena, text) : text; }

struct fault *faults_add(struct faults *faults, const struct fault *fault) {
    ENSURE(faults->n < FAULTS_MAX);
    struct fault *copy = mem_alloc(sizeof *copy), **end = &faults->first;
    *copy = *fault;
    arena_init(&copy->arena, FAULT_ARENA_BYTES);
    copy->given = keep(&copy->arena, fault->given);
    copy->table = keep(&copy->arena, fault->table);
    copy->namespace = keep(&copy->arena, fault->namespace);
    copy->reason = keep(&copy->arena, fault->reason);
    copy->key.data = keep(&copy->arena, fault->key.data);
    copy->id = ++faults->last_id;
    copy->next = NULL;
    while (*end)
        end = &(*end)->next;
    *end = copy;
    faults->n++;
    return copy;
}

/* Takes out what *at points to. */
static void take_out(struct faults *faults, struct fault **at) {
    struct fault *fault = *at;
    *at = fault->next;
    faults->n--;
    arena_free(&fault->arena);
    free(fault);
}

bool faults_remove(struct faults *faults, uint64_t id) {
    struct fault **at = &faults->first;
    while (*at && (*at)->id != id)
        at = &(*at)->next;
    if (!*at)
        return false;
    take_out(faults, at);
    return true;
}

void faults_clear(struct faults *faults) {
    while (faults->first)
        take_out(faults, &faults->first);
}

/* splitmix64's finisher */
static uint64_t mix(uint64_t x) {
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* The n-th call's number in 0..1, 1 excluded. */
static double lot(uint64_t seed, uint64_t n) { return (double)(mix(mix(seed) ^ n) >> 11) * 0x1p-53; }

bool fault_counts(struct fault *fault) {
    if (fault_is_spent(fault))
        return false;
    fault->seen++;
    if (fault->seen <= fault->after || lot(fault->seed, fault->seen) >= fault->share)
        return false;
    fault->hits++;
    return true;
}
