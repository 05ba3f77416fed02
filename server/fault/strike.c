#include "strike.h"

#include "fault_error.h"

bool fault_fits(const struct fault *fault, const struct op *op) {
    uint8_t needs = fault->error ? fault->error->needs : 0;
    needs |= fault->unprocessed ? FAULTS_BATCH : 0;
    needs |= fault->key.type != VAL_NONE ? FAULTS_KEYS : 0;
    return (!fault->op || fault->op == op) && (op->faults & needs) == needs;
}

static bool matches_text(struct str wanted, struct str text) { return !wanted.p || (text.p && str_eq(wanted, text)); }

static bool matches_value(const struct key_attribute *attribute, const struct val *value, struct str name,
                          const struct val *wanted) {
    return str_eq(attribute->name, name) && val_equal(value, wanted);
}

/* Every value that the fault names is the item's; an attribute that is no key of the table matches nothing. */
static bool matches_key(const struct fault *fault, const struct fault_entry *entry) {
    struct val_iter iter = val_iter(&fault->key);
    struct val wanted;
    struct str name;
    bool plain;
    if (!entry->table)
        return false;
    const struct key_schema *key = &entry->table->key;
    while (val_next_entry(&iter, &name, &plain, &wanted))
        if (!matches_value(&key->hash[0], &entry->pk, name, &wanted) &&
            !(key->ranges && matches_value(&key->range[0], &entry->sk, name, &wanted)))
            return false;
    return true;
}

static bool matches(const struct fault *fault, const struct fault_entry *entry) {
    if (entry->fault || !matches_text(fault->table, entry->name))
        return false;
    return fault->key.type == VAL_NONE || matches_key(fault, entry);
}

static bool matches_any(const struct fault *fault, const struct fault_entry *entries, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (matches(fault, &entries[i]))
            return true;
    return false;
}

/* One fault's turn: counts the call, and marks what is struck, from the end on. */
static void try_fault(struct ctx *ctx, struct fault *fault, struct fault_entry *entries, uint32_t n) {
    if (!fault_fits(fault, ctx->op) || !matches_text(fault->namespace, ctx->namespace) ||
        !matches_any(fault, entries, n) || !fault_counts(fault))
        return;
    uint32_t most = fault->error ? n : fault->unprocessed;
    ctx->delay_ms += fault->delay_ms;
    for (uint32_t i = n; i-- && most;)
        if (matches(fault, &entries[i])) {
            entries[i].fault = fault;
            most--;
        }
}

static void try_all(struct ctx *ctx, struct fault_entry *entries, uint32_t n) {
    for (struct fault *fault = ctx->m->faults.first; fault; fault = fault->next)
        try_fault(ctx, fault, entries, n);
}

int fault_strike(struct ctx *ctx, struct fault_entry entry) {
    try_all(ctx, &entry, 1);
    return entry.fault ? fault_error_set(ctx, &entry, &ctx->err) : 0;
}

static bool is_error(const struct fault_entry *entry) { return entry->fault && entry->fault->error; }

static enum err_code code_of(const struct fault_entry *entry) {
    return is_error(entry) ? entry->fault->error->code : ERR_NONE;
}

/* The first entry of a code; NULL when there is none. */
static const struct fault_entry *first_of(enum err_code code, const struct fault_entry *entries, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (code_of(&entries[i]) == code)
            return &entries[i];
    return NULL;
}

int fault_batch(struct ctx *ctx, struct fault_entry *entries, uint32_t n) {
    uint32_t failed = 0;
    try_all(ctx, entries, n);
    const struct fault_entry *conflict = first_of(ERR_TRANSACTION_CONFLICT, entries, n);
    for (uint32_t i = 0; i < n; i++)
        failed += is_error(&entries[i]);
    if (conflict || failed == n)
        return fault_error_set(ctx, conflict ? conflict : &entries[0], &ctx->err);
    return 0;
}

uint32_t fault_mark(const struct fault_entry *entries, uint32_t n, bool *struck) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++) {
        struck[i] = entries[i].fault;
        count += struck[i];
    }
    return count;
}

int fault_transaction(struct ctx *ctx, struct fault_entry *entries, uint32_t n) {
    static const enum err_code whole[] = {ERR_INTERNAL, ERR_REQUEST_LIMIT_EXCEEDED}; /* are no reasons */
    try_all(ctx, entries, n);
    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        const struct fault_entry *entry = first_of(whole[i], entries, n);
        if (entry)
            return fault_error_set(ctx, entry, &ctx->err);
    }
    struct reason *reasons = cancellation_reasons(&ctx->err, n);
    for (uint32_t i = 0; i < n; i++)
        if (is_error(&entries[i]))
            (void)!fault_error_set(ctx, &entries[i], &reasons[i].err);
    return cancellation_report(&ctx->err, reasons, n);
}
