/* What is wrong with an expression that reads: of every kind the first fault met, so that the most important kind can
   be reported in the end (03 section 4.2). */
#ifndef MAGNETO_FAULTS_H
#define MAGNETO_FAULTS_H

#include "err.h"

enum fault {
    FAULT_IN_OPERANDS,
    FAULT_INDEX,
    FAULT_PARENTHESES,
    FAULT_FUNCTION,
    FAULT_MISUSED,
    FAULT_RESERVED,
    FAULT_SECTION,
    FAULT_NAME, /* undefined; conditions note values here too */
    FAULT_VALUE,
    FAULT_DEPTH, /* of a path */
    FAULT_OVERLAP,
    FAULT_CONFLICT,
    FAULT_ADD_TYPE,
    FAULT_ARITY,
    FAULT_DISTINCT,
    FAULT_TYPE,
    FAULT_COUNT
};

struct faults {
    struct str first[FAULT_COUNT];
    bool settled; /* an earlier comparison is at fault: those inside later ones do not count */
};

static inline bool fault_is_per_comparison(enum fault fault) {
    return fault == FAULT_NAME || fault == FAULT_VALUE || fault >= FAULT_ARITY;
}

static inline bool fault_wanted(const struct faults *faults, enum fault fault) {
    return !faults->first[fault].p && !(faults->settled && fault_is_per_comparison(fault));
}

/* Notes MSG id with its arguments, unless one of this kind stands: the text is made only then. */
#define FAULT(faults, fault, err, ...)                                                                                 \
    (fault_wanted((faults), (fault)) ? (void)((faults)->first[fault] = err_text((err), __VA_ARGS__)) : (void)0)

/* A comparison or function of a condition ends here. */
static inline void faults_settle(struct faults *faults) {
    for (int fault = FAULT_NAME; fault < FAULT_COUNT; fault++)
        if (fault_is_per_comparison((enum fault)fault) && faults->first[fault].p)
            faults->settled = true;
}

#endif
