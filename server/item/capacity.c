#include "capacity.h"

enum capacity_mode capacity_mode(struct str text) {
    if (str_eq(text, STR("TOTAL")))
        return CAPACITY_TOTAL;
    return str_eq(text, STR("INDEXES")) ? CAPACITY_INDEXES : CAPACITY_NONE;
}

void capacity_init(struct capacity *capacity, struct arena *arena, struct str name, struct table *table) {
    *capacity = (struct capacity){.name = name, .table = table};
    capacity->index_units = arena_alloc(arena, sizeof(double) * table->indexes_n);
    for (uint32_t i = 0; i < table->indexes_n; i++)
        capacity->index_units[i] = -1;
}

void capacity_charge_index(struct capacity *capacity, const struct index *index, double units) {
    double *sum = &capacity->index_units[index - capacity->table->indexes];
    *sum = (*sum < 0 ? 0 : *sum) + units;
}

static double blocks(uint64_t bytes, uint64_t block) { return bytes ? (double)((bytes + block - 1) / block) : 1; }

double capacity_read(uint64_t bytes, bool consistent) { return blocks(bytes, 4096) * (consistent ? 1 : 0.5); }

double capacity_write(uint64_t bytes) { return blocks(bytes, 1024); }

static void put_units(struct buf *out, double units, const char *axis) {
    if (axis) {
        json_key(out, axis);
        json_put_units(out, units);
    }
    json_key(out, "CapacityUnits");
    json_put_units(out, units);
}

static void put_indexes(struct buf *out, const struct capacity *capacity, bool local, const char *member,
                        const char *axis) {
    bool first = true;
    for (uint32_t i = 0; i < capacity->table->indexes_n; i++) {
        const struct index *index = &capacity->table->indexes[i];
        if (index->local != local || capacity->index_units[i] < 0)
            continue;
        if (first) {
            json_key(out, member);
            buf_put_lit(out, "{");
        }
        first = false;
        json_separate(out);
        json_put_text(out, index->name, false);
        buf_put_lit(out, ":{");
        put_units(out, capacity->index_units[i], axis);
        buf_put_lit(out, "}");
    }
    if (!first)
        buf_put_lit(out, "}");
}

void capacity_put(struct buf *out, const struct capacity *capacity, enum capacity_mode mode, const char *axis) {
    double sum = capacity->table_units;
    for (uint32_t i = 0; i < capacity->table->indexes_n; i++)
        sum += capacity->index_units[i] > 0 ? capacity->index_units[i] : 0;
    buf_put_lit(out, "{");
    json_member_text(out, "TableName", capacity->name);
    put_units(out, sum, axis);
    if (mode == CAPACITY_INDEXES) {
        json_key(out, "Table");
        buf_put_lit(out, "{");
        put_units(out, capacity->table_units, axis);
        buf_put_lit(out, "}");
        put_indexes(out, capacity, true, "LocalSecondaryIndexes", axis);
        put_indexes(out, capacity, false, "GlobalSecondaryIndexes", axis);
    }
    buf_put_lit(out, "}");
}

void capacity_put_member(struct buf *out, const struct capacity *capacity, enum capacity_mode mode) {
    if (mode == CAPACITY_NONE)
        return;
    json_key(out, "ConsumedCapacity");
    capacity_put(out, capacity, mode, NULL);
}

bool table_has_collections(const struct table *table) {
    for (uint32_t i = 0; i < table->indexes_n; i++)
        if (table->indexes[i].local)
            return true;
    return false;
}

void collection_put(struct buf *out, const struct table *table, const struct val *pk) {
    buf_put_lit(out, "{\"ItemCollectionKey\":{");
    json_put_text(out, table->key.hash[0].name, false);
    buf_put_lit(out, ":");
    json_put_val(out, pk, SET_BY_VALUE);
    /* Whole gigabytes, floor and floor + 1 (14 section 15.3). */
    buf_put_lit(out, "},\"SizeEstimateRangeGB\":[0.0,1.0]}");
}
