/* JSON out: text, numbers and attribute values into a buffer. Compact, UTF-8, non-ASCII unescaped. */
#ifndef MAGNETO_WRITE_H
#define MAGNETO_WRITE_H

#include "buf.h"
#include "val.h"

/* "text" with quotes and escapes; plain: known to need none. */
void json_put_text(struct buf *out, struct str text, bool plain);
void json_put_integer(struct buf *out, int64_t value);
/* As the service prints doubles: 0.5, 1.0, 128.5. */
void json_put_units(struct buf *out, double value);
/* Epoch seconds with three decimals: 1731000000.123 */
void json_put_time(struct buf *out, int64_t ms);

enum set_order { SET_BY_VALUE, SET_HASHED }; /* of NS: 14 section 5 */

/* {"S":"a"} */
void json_put_val(struct buf *out, const struct val *value, enum set_order order);
/* {"pk":{"S":"a"},...} : the entries of a map as attribute values */
void json_put_attrs(struct buf *out, const struct val *map, enum set_order order);

#endif
