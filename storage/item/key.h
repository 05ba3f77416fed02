/* Store keys of items and index entries.

   item    items space | hash | tag | sk bytes
   entry   index space | hash | tag | each index sk: escaped, 00 01 | item key without its space

   hash: the first 8 bytes of MD5("Outliers" + pk bytes), the order in which the service itself scans (12 fact 130);
   several index pks: their length-prefixed bytes, lengths of 2 bytes, big endian. tag: 8 bytes of SipHash, of several
   pks one under the other's. Together they stand for the pk: short keys make a shallow tree, and two pks that agree in
   both are met by chance in 2^64 of them; pairs that agree in MD5, which anyone can make, differ in the tag.

   Key bytes: S and B as they are, N by num_key. Escaped: every 00 becomes 00 FF, so that 00 01 ends a value and sorts
   before any longer one. */
#ifndef MAGNETO_KEY_H
#define MAGNETO_KEY_H

#include "buf.h"
#include "val.h"

/* Bytes of one key value (S, N, B). scratch is used for N only. */
struct str key_bytes(const struct val *value, uint8_t scratch[32]);

void key_put_space(struct buf *out, uint32_t space);
/* space | hash | tag: where the items of one partition begin. */
void key_put_partition(struct buf *out, uint32_t space, const struct val *pks, size_t n);
/* The sort key of an item: raw, it is the last part. */
void key_put_sort(struct buf *out, const struct val *sk);
/* A sort key of an index entry: escaped and ended. With `open` the end is left out (begins_with). */
void key_put_entry_sort(struct buf *out, const struct val *sk, bool open);

uint64_t key_hash(const struct val *pks, size_t n);

/* Makes the smallest key that is greater than every key with this prefix: the last byte that is not FF goes up by one,
   what is behind it goes. False when there is none. */
bool key_after_prefix(struct buf *key);

#endif
