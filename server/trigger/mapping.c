#include "mapping.h"

#include <stdlib.h>

void trigger_mappings_init(struct trigger_mappings *mappings, bool shared) {
    *mappings = (struct trigger_mappings){.shared = shared};
    arena_init(&mappings->arena, 4096);
}

void trigger_mappings_free(struct trigger_mappings *mappings) {
    free(mappings->all);
    arena_free(&mappings->arena);
}

bool trigger_mapping_takes(const struct trigger_mapping *mapping, const struct tape *tape, const struct token *record,
                           struct arena *scratch) {
    for (size_t i = 0; i < mapping->filters_n; i++)
        if (pattern_matches(mapping->filters[i], tape, record, scratch))
            return true;
    return mapping->filters_n == 0;
}
