#include "hints.h"

#include <stdio.h>

enum { TEXT_BYTES = 800 };

/* Names of tables, as many as fit; the others are counted. */
struct list {
    char text[TEXT_BYTES];
    size_t len;
    size_t left_out;
};

static void add(struct list *list, const struct table *table) {
    size_t room = TEXT_BYTES - list->len;
    int len = snprintf(list->text + list->len, room, "%s%.*s (%.*s)", list->len ? ", " : "", (int)table->name.len,
                       table->name.p, (int)table->namespace.len, table->namespace.p);
    if ((size_t)len < room && !list->left_out)
        list->len += (size_t)len;
    else
        list->left_out++;
    list->text[list->len] = 0;
}

void hint_hidden(struct magneto *m) {
    bool shared = m->options.shared;
    struct list list = {0};
    struct table *table;
    char more[40] = "";
    for (size_t i = 0; (table = table_at(m->catalogue, i)); i++)
        if (str_eq(table->namespace, STR("shared")) != shared)
            add(&list, table);
    if (list.left_out)
        snprintf(more, sizeof more, " and %zu more", list.left_out);
    if (list.len)
        core_log(m, 1, "with%s -sharedDb nobody sees these tables, which stay as they are: %s%s", shared ? "" : "out",
                 list.text, more);
}

static const char *how_to_see(const struct magneto *m, struct str namespace) {
    if (m->options.shared)
        return "start without -sharedDb to see it, or make one that all share";
    if (str_eq(namespace, STR("shared")))
        return "start with -sharedDb to see it";
    return "use that access key and region, or start with -sharedDb and make one that all share";
}

void hint_elsewhere(struct magneto *m, struct str namespace, struct str name) {
    struct table *other = table_find_elsewhere(m->catalogue, namespace, name);
    if (!other || other->hinted)
        return;
    other->hinted = true;
    core_log(m, 1, "there is no table %.*s for %.*s, but one for %.*s: %s", (int)name.len, name.p, (int)namespace.len,
             namespace.p, (int)other->namespace.len, other->namespace.p, how_to_see(m, other->namespace));
}
