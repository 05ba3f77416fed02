/* Which table's expiry queue is due first: a heap of the tables that have a queue, by the earliest time at which there
   can be something in it. So with thousands of tables the next one is found, and a new entry noted, in a few steps. */
#include "catalogue.h"

#include <stdlib.h>

enum { FIRST_ROOM = 16 };

/* Places count from 1: the children of i are 2i and 2i + 1. */
static void put_at(struct catalogue *catalogue, uint32_t place, struct table *table) {
    catalogue->expiring[place - 1] = table;
    table->ttl_place = place;
}

static struct table *at(const struct catalogue *catalogue, uint32_t place) { return catalogue->expiring[place - 1]; }

static void rise(struct catalogue *catalogue, struct table *table) {
    uint32_t place = table->ttl_place;
    for (; place > 1 && table->ttl_next_ms < at(catalogue, place / 2)->ttl_next_ms; place /= 2)
        put_at(catalogue, place, at(catalogue, place / 2));
    put_at(catalogue, place, table);
}

static void sink(struct catalogue *catalogue, struct table *table) {
    uint32_t place = table->ttl_place, child;
    for (; (child = 2 * place) <= catalogue->expiring_n; place = child) {
        if (child < catalogue->expiring_n && at(catalogue, child + 1)->ttl_next_ms < at(catalogue, child)->ttl_next_ms)
            child++;
        if (at(catalogue, child)->ttl_next_ms >= table->ttl_next_ms)
            break;
        put_at(catalogue, place, at(catalogue, child));
    }
    put_at(catalogue, place, table);
}

void expiring_enter(struct catalogue *catalogue, struct table *table) {
    table->ttl_place = 0;
    if (!table->ttl_space || table->deleting_ms)
        return;
    if (catalogue->expiring_n == catalogue->expiring_cap) {
        catalogue->expiring_cap = catalogue->expiring_cap ? catalogue->expiring_cap * 2 : FIRST_ROOM;
        catalogue->expiring = mem_realloc(catalogue->expiring, sizeof(struct table *) * catalogue->expiring_cap);
    }
    put_at(catalogue, ++catalogue->expiring_n, table);
    rise(catalogue, table);
}

void expiring_leave(struct catalogue *catalogue, struct table *table) {
    uint32_t place = table->ttl_place;
    if (!place)
        return;
    struct table *last = at(catalogue, catalogue->expiring_n--);
    table->ttl_place = 0;
    if (last == table)
        return;
    put_at(catalogue, place, last);
    rise(catalogue, last);
    sink(catalogue, last);
}

struct table *table_to_expire(const struct catalogue *catalogue) {
    return catalogue->expiring_n ? at(catalogue, 1) : NULL;
}

void table_set_expiry(struct catalogue *catalogue, struct table *table, int64_t next_ms) {
    table->ttl_next_ms = next_ms;
    if (!table->ttl_place)
        return;
    rise(catalogue, table);
    sink(catalogue, table);
}

void table_forget_expiries(struct catalogue *catalogue) {
    for (uint32_t i = 0; i < catalogue->expiring_n; i++)
        catalogue->expiring[i]->ttl_next_ms = 0;
}
