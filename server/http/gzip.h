/* Compressed replies: whether a client takes them, and the compressing. */
#ifndef MAGNETO_HTTP_GZIP_H
#define MAGNETO_HTTP_GZIP_H

#include "bytes.h"

/* Shorter bodies are not worth it. */
#define GZIP_BODY_MIN 1024

/* Whether an Accept-Encoding header allows gzip. */
bool gzip_is_accepted(struct span accept_encoding);

/* Fills the empty *out. False when it would be no shorter. Not for two threads at once. */
bool gzip_pack(struct span body, struct bytes *out);

#endif
