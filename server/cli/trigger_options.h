/* The triggers of -trigger and -triggers. */
#ifndef MAGNETO_TRIGGER_OPTIONS_H
#define MAGNETO_TRIGGER_OPTIONS_H

#include "mapping.h"
#include "options.h"

/* Reads all of them. Returns 0; or -1, and *why is one sentence. The mappings, and the sentence with them, live until
   trigger_mappings_free, which is called in either case. */
int trigger_options_read(struct trigger_mappings *out, const struct options *options, const char **why) MUST_USE;

#endif
