#include "ordered.h"

#include <stdlib.h>

size_t ordered_lower(const struct ordered *model, struct str key) {
    size_t low = 0, high = model->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(model->at[middle]->key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct entry *ordered_find(const struct ordered *model, struct str key) {
    size_t i = ordered_lower(model, key);
    return i < model->n && str_eq(model->at[i]->key, key) ? model->at[i] : NULL;
}

static struct entry *entry_new(struct str key, uint32_t value_seed, uint32_t value_len) {
    struct entry *entry = malloc(sizeof *entry + key.len);
    char *bytes = memcpy(entry + 1, key.p, key.len);
    *entry = (struct entry){1, str_make(bytes, key.len), value_seed, value_len};
    return entry;
}

static void entry_drop(struct entry *entry) {
    if (--entry->refs == 0)
        free(entry);
}

void ordered_put(struct ordered *model, struct str key, uint32_t value_seed, uint32_t value_len) {
    struct entry *entry = entry_new(key, value_seed, value_len);
    size_t i = ordered_lower(model, key);
    if (i < model->n && str_eq(model->at[i]->key, key)) {
        entry_drop(model->at[i]);
        model->at[i] = entry;
        return;
    }
    if (model->n == model->cap) {
        model->cap = model->cap ? model->cap * 2 : 64;
        model->at = realloc(model->at, model->cap * sizeof *model->at);
    }
    memmove(model->at + i + 1, model->at + i, (model->n - i) * sizeof *model->at);
    model->at[i] = entry;
    model->n++;
}

void ordered_remove(struct ordered *model, size_t index) {
    entry_drop(model->at[index]);
    model->n--;
    memmove(model->at + index, model->at + index + 1, (model->n - index) * sizeof *model->at);
}

void ordered_copy(struct ordered *out, const struct ordered *from) {
    ordered_free(out);
    *out = (struct ordered){malloc((from->n + 1) * sizeof *out->at), from->n, from->n + 1};
    for (size_t i = 0; i < from->n; i++) {
        out->at[i] = from->at[i];
        out->at[i]->refs++;
    }
}

void ordered_free(struct ordered *model) {
    for (size_t i = 0; i < model->n; i++)
        entry_drop(model->at[i]);
    free(model->at);
    *model = (struct ordered){0};
}
