/* A table's definition as the bytes of its catalogue record. */
#ifndef MAGNETO_TABLE_RECORD_H
#define MAGNETO_TABLE_RECORD_H

#include "record.h"
#include "table.h"

extern const struct record table_record;
extern const struct record key_schema_record;

#endif
