/* A doubly linked list whose links lie in its members. A link is always part of a ring: its list's, or its own. */
#ifndef MAGNETO_HTTP_LIST_H
#define MAGNETO_HTTP_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct link {
    struct link *prev;
    struct link *next;
};

#define LIST_MEMBER(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline void list_init(struct link *link) { link->prev = link->next = link; }

static inline bool list_empty(const struct link *list) { return list->next == list; }

/* Takes a link out of the list that it is in, if any. */
static inline void list_remove(struct link *link) {
    link->prev->next = link->next;
    link->next->prev = link->prev;
    list_init(link);
}

/* Moves a link to the end of a list. */
static inline void list_append(struct link *list, struct link *link) {
    list_remove(link);
    link->prev = list->prev;
    link->next = list;
    list->prev->next = link;
    list->prev = link;
}

/* Moves all members of `from` to the end of `to`. */
static inline void list_append_all(struct link *to, struct link *from) {
    while (!list_empty(from))
        list_append(to, from->next);
}

#endif
