/* A digest of what a request says. Two requests with equal fingerprints say the same: the order of JSON members, of map
   entries and of set members, and the way numbers are written, make no difference (05 section 14, idempotency). */
#ifndef MAGNETO_FINGERPRINT_H
#define MAGNETO_FINGERPRINT_H

#include "client_token.h"
#include "shape.h"

/* Of one member; `at` is its place in the request struct. Its values have no faults: they are as deep as items are. */
void fingerprint(const struct member *row, const void *at, struct arena *arena, uint8_t out[FINGERPRINT_BYTES]);

#endif
