/* Whole numbers as bytes: big endian in keys, where order counts, little endian in values. */
#ifndef MAGNETO_BYTES_H
#define MAGNETO_BYTES_H

#include <stdint.h>

static inline void bytes_put_be(uint8_t *out, uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--, value >>= 8)
        out[i] = (uint8_t)value;
}

static inline uint64_t bytes_get_be(const void *in, int bytes) {
    const uint8_t *p = in;
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | p[i];
    return value;
}

static inline void bytes_put_le(uint8_t *out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++, value >>= 8)
        out[i] = (uint8_t)value;
}

static inline uint64_t bytes_get_le(const void *in, int bytes) {
    const uint8_t *p = in;
    uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | p[i];
    return value;
}

#endif
