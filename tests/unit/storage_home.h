/* A store in a directory of its own with catalogue and streams, for the tests of storage; and items from a line of
   text. Everything that should succeed is CHECKed here. */
#ifndef MAGNETO_STORAGE_HOME_H
#define MAGNETO_STORAGE_HOME_H

#include "index.h"
#include "job.h"
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#define OK(rc) CHECK((rc) == STORE_OK)

struct home {
    char directory[64];
    struct store *store;
    struct catalogue *catalogue;
    struct streams *streams;
    struct jobs jobs;
    struct arena arena;
};

static void home_start(struct home *home) {
    const char *why = NULL;
    const struct store_options options = {.directory = home->directory};
    OK(store_open(&options, &home->store, &why));
    OK(catalogue_open(home->store, &home->catalogue));
    OK(streams_open(home->store, &home->streams));
    home->jobs = (struct jobs){home->store, home->catalogue, home->streams};
}

static void home_stop(struct home *home) {
    streams_close(home->streams);
    catalogue_close(home->catalogue);
    store_close(home->store);
}

static void home_open(struct home *home) {
    *home = (struct home){.directory = "/tmp/magneto-unit-XXXXXX"};
    CHECK(mkdtemp(home->directory));
    arena_init(&home->arena, 4096);
    home_start(home);
}

static inline void home_close(struct home *home) {
    char file[96];
    home_stop(home);
    arena_free(&home->arena);
    snprintf(file, sizeof file, "%s/" STORE_FILE_NAME, home->directory);
    unlink(file);
    rmdir(home->directory);
}

static inline void home_begin(struct home *home) { OK(store_begin(home->store)); }

static inline void home_commit(struct home *home) {
    OK(table_flush_counters(home->catalogue));
    OK(store_commit(home->store));
}

static inline void home_abort(struct home *home) {
    store_abort(home->store);
    OK(table_reload(home->catalogue));
    OK(streams_reload(home->streams));
}

static inline void home_reopen(struct home *home) {
    home_stop(home);
    home_start(home);
}

/* A table with the keys pk (S) and sk (N), as CreateTable would leave it; not saved. */
static inline struct table home_new_table(struct home *home, const char *name) {
    return (struct table){
        .namespace = STR("key/us-east-1"),
        .name = str_of(name),
        .region = STR("us-east-1"),
        .id = STR("00000000-0000-4000-8000-000000000000"),
        .space = store_new_space(home->store),
        .key = {.hash = {{STR("pk"), VAL_S}}, .range = {{STR("sk"), VAL_N}}, .hashes = 1, .ranges = 1},
        .created_ms = 1000,
        .on_demand = {-1, -1},
        .warm = {-1, -1},
    };
}

static inline struct table *home_save(struct home *home, const struct table *table) {
    struct table *saved = NULL;
    OK(table_save(home->catalogue, table, &saved));
    return saved;
}

static inline struct table *home_find(struct home *home, const char *name) {
    return table_find(home->catalogue, STR("key/us-east-1"), str_of(name));
}

/* "pk=Sa sk=N1 note=Shello": name, type letter, text. */
static inline struct item home_item(struct home *home, const char *line) {
    struct buf entries;
    struct item item = {.exists = true};
    uint32_t count = 0;
    buf_init(&entries, 1 << 20);
    while (*line) {
        size_t name = strcspn(line, "="), value = strcspn(line + name, " ");
        enum val_type type = val_type_of(str_make(line + name + 1, 1));
        val_put_name(&entries, str_make(line, name), true);
        val_put_scalar(&entries, type, true, str_make(line + name + 2, value - 2));
        count++;
        line += name + value;
        line += *line == ' ';
    }
    item.attrs = val_of_entries(arena_copy(&home->arena, buf_str(&entries)), count);
    item.size = val_entries_size(&item.attrs);
    buf_free(&entries);
    return item;
}

#endif
