/* SipHash-2-4 (Aumasson and Bernstein, 2012): 64 bits of short bytes under a key of 128, that nobody aims at by
   accident and few on purpose. */
#ifndef MAGNETO_SIPHASH_H
#define MAGNETO_SIPHASH_H

#include "str.h"

struct siphash_key {
    uint64_t low, high; /* of its 16 bytes, little endian */
};

uint64_t siphash(struct siphash_key key, struct str bytes);

#endif
