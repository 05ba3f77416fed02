/* A mapping while its text is read, be that an option or a file: the rules of its values, under the names that either
   gives them. */
#ifndef MAGNETO_DRAFT_H
#define MAGNETO_DRAFT_H

#include "mapping.h"

enum { FILTERS_MAX = 10 }; /* of one mapping, as of the service at most */

struct draft {
    struct trigger_mapping mapping; /* its texts are copies */
    const struct pattern *filters[FILTERS_MAX];
    struct trigger_mappings *mappings;
    struct str where; /* what sentences begin with */
    const char **why;
};

/* A setting that is a number. */
struct number_setting {
    const char *option, *member; /* its name in an option, and in a file */
    int least, most;
    size_t offset; /* of an int in struct trigger_mapping */
};
enum { NUMBER_SETTINGS = 4 };
extern const struct number_setting number_settings[NUMBER_SETTINGS];

/* With every default. */
void draft_begin(struct draft *draft, struct trigger_mappings *mappings, struct str where, const char **why);
/* Adds the mapping. */
int draft_end(struct draft *draft) MUST_USE;

/* Directives of arena_printf. Returns -1, as do the following when the value is not one to take. */
int draft_fail(struct draft *draft, const char *format, ...);

/* `name`: what the value was given as; `spelled`: the number as it was written. */
int draft_table(struct draft *draft, const char *name, struct str value) MUST_USE;
int draft_target(struct draft *draft, const char *name, struct str value) MUST_USE;
int draft_namespace(struct draft *draft, const char *name, struct str value) MUST_USE;
int draft_start(struct draft *draft, const char *name, struct str value) MUST_USE;
int draft_view(struct draft *draft, const char *name, struct str value) MUST_USE;
int draft_on_failure(struct draft *draft, const char *name, struct str value) MUST_USE;
int draft_filter(struct draft *draft, const char *name, struct str json) MUST_USE;
int draft_number(struct draft *draft, const char *name, const struct number_setting *setting,
                 struct str spelled) MUST_USE;

#endif
