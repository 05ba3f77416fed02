/* gzip of whole texts. */
#ifndef MAGNETO_PACKED_H
#define MAGNETO_PACKED_H

#include "buf.h"

/* Behind what the buffer holds, whose maximum has to suffice. */
void pack(struct buf *out, struct str text);

/* One or more members. The buffer is emptied first. Returns 0, or -1: damaged, or longer than the buffer may get. */
int unpack(struct buf *out, struct str packed) MUST_USE;

#endif
