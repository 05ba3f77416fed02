/* curl's -w: a format with %{variables}, %% and the escapes \n, \r, \t. */
#ifndef TOOLS_WRITE_OUT_H
#define TOOLS_WRITE_OUT_H

#include "fetch.h"

/* Printed on stdout. `status` is what curl ends with. */
void write_out(const char *format, const struct fetch *fetch, int status);

#endif
