/* Request members as tables. A shape is a row per member: wire name, type, place in the request struct, constraints.
   Two passes read it:
     shape_decode     JSON types, depth-first in row order; the first mismatch is a SerializationException (01 section
   5) shape_check      model constraints, all collected: "N validation errors detected: ..." (05 section 1.1) The order
   of rows is the order in which the service looks at members (05 section 1.4): behaviour, change it only with a case.
   Values inside attribute maps are not constraints: decode only remembers the first fault (struct value_fault) and the
   operation reports it where its order of checks says so. */
#ifndef MAGNETO_SHAPE_H
#define MAGNETO_SHAPE_H

#include "err.h"
#include "tape.h"
#include "val.h"

/* --- what a request struct holds ---------------------------------------------------------------------------------- */

struct opt_bool {
    bool set, value;
};

struct opt_int {
    bool set;
    bool altered; /* saturated or cut: the 2026 layer falls back to classic (14 section 2.8) */
    int64_t value;
};

/* What is wrong with the values of one member, most urgent first: an empty name anywhere beats a deep value anywhere
   beats everything else (14 sections 2.12, 3.9). With M_DEPTH_LAST a deep value is the least urgent. */
enum fault_kind { FAULT_NONE, FAULT_NAME, FAULT_DEPTH, FAULT_VALUE, FAULT_DEPTH_LAST };

/* The first of the most urgent kind, in the order of 02 section 2 and 14 section 3.3. text.p NULL: nothing is wrong. */
struct value_fault {
    struct str text;
    enum msg_wrap wrap;
    enum fault_kind kind;
    struct str entry;       /* name of the top-level entry that holds it (for "... for key :v") */
    bool bare_in_start_key; /* comes without "The provided starting key is invalid: " (02 section 2) */
    bool too_deep;          /* a value is, even if what is reported is something else */
};

/* A map of attribute values (Key, Item, ExclusiveStartKey, ExpressionAttributeValues): the last of two equal names
   stays. With a fault the map is well formed but not to be used: it is for echoes. */
struct attrs {
    bool set;
    struct val map; /* VAL_M over entries; numbers canonical, sets sorted */
    uint32_t size;  /* item size of the entries; 0 with a fault */
    struct value_fault fault;
};

/* One attribute value (Expected.Value, AttributeUpdates.Value). */
struct attr {
    bool set;
    struct val value;
    struct value_fault fault;
};

struct str_list {
    bool set;
    struct str *v;
    uint32_t n;
};

struct attr_list {
    bool set;
    struct attr *v;
    uint32_t n;
};

/* map<string,string> in the order sent (ExpressionAttributeNames). */
struct str_map {
    bool set;
    struct str *keys;
    struct str *values;
    uint32_t n;
};

/* list<structure>: n structs of the element shape's size. */
struct struct_list {
    bool set;
    void *v;
    uint32_t n;
};

/* map<string, T> in the order sent: T is a structure, or a list of structures (then v is struct struct_list[]). */
struct struct_map {
    bool set;
    struct str *keys;
    void *v;
    uint32_t n;
    const char *json; /* the object as sent, in the body: it ends with its bracket (echo of 14 section 12.2) */
};

/* --- rows --------------------------------------------------------------------------------------------------------- */

enum member_type {
    M_STRING,       /* struct str; p NULL: absent */
    M_BOOL,         /* struct opt_bool */
    M_INTEGER,      /* struct opt_int, 32 bits, saturating */
    M_LONG,         /* struct opt_int */
    M_ATTRS,        /* struct attrs */
    M_ATTR,         /* struct attr */
    M_ATTR_LIST,    /* struct attr_list */
    M_STRINGS,      /* struct str_list */
    M_STRING_MAP,   /* struct str_map */
    M_STRUCT,       /* pointer to the struct; NULL: absent */
    M_LIST,         /* struct struct_list */
    M_MAP,          /* struct struct_map of structures */
    M_MAP_OF_LISTS, /* struct struct_map of lists of structures (BatchWriteItem) */
    M_ATTRS_LIST,   /* struct struct_list of struct attrs (BatchGetItem Keys) */
    M_TIMESTAMP     /* struct opt_int: milliseconds */
};

enum {
    M_REQUIRED = 1 << 0,
    M_NAME_PATTERN = 1 << 1, /* [a-zA-Z0-9_.-]+ */
    M_MIN = 1 << 2,
    M_MAX = 1 << 3,
    M_KEY_RULES = 1 << 4,    /* the keys of the map are table names: 3..255 bytes of the pattern */
    M_VALUE_RULES = 1 << 5,  /* the values of the map are lists of 1..25 elements (BatchWriteItem) */
    M_ARN = 1 << 6,          /* an ARN is taken as well: up to 1,024 bytes, no pattern */
    M_PLACEHOLDERS = 1 << 7, /* M_ATTRS: the entries' names are placeholders, which the expression layer checks */
    M_DEEPER = 1 << 8,       /* values may nest a level deeper on the classic layer (14 section 4.1) */
    M_FORBIDDEN = 1 << 9,    /* .values lists what may not be sent */
    M_FIRST = 1 << 10,       /* only the first violation of the row is reported */
    M_UNECHOED = 1 << 11,    /* "Value at 'TableName' failed ...": no value, the path as on the wire (00 table) */
    M_BARE = 1 << 12,        /* reported without "1 validation error detected: " */
    M_SHALLOW = 1 << 13,     /* what is inside the structures is checked in another stage */
    M_DEPTH_LAST = 1 << 14,  /* M_ATTRS: a deep value is found behind every other fault (14 section 13.1) */
    M_NAMES = 1 << 15        /* M_STRINGS: elements of 1..255 characters */
};

struct shape;

struct member {
    const char *name;
    uint8_t type;
    uint16_t flags;
    uint16_t offset;
    const struct shape *of;    /* structure of M_STRUCT, M_LIST, M_MAP, M_MAP_OF_LISTS */
    int64_t min, max;          /* with M_MIN / M_MAX: length of strings, lists and maps, value of numbers */
    const char *const *values; /* enum, NULL-terminated, in the order in which messages print it (05 section 1.2) */
    const char *java;          /* class name in "Unrecognized collection type ..." where 01 section 5 gives one */
    const char *path; /* what min and max are told at, where that is no path ("keySchema": 15 section 2.6); NULL */
    const char *text; /* the whole violation, where it is not "Value ... failed to satisfy ..."; NULL */
};

/* Rows that are checked together; what they find is one joined message. Such rows need only what a check reads. */
struct stage {
    const struct member *members;
    uint32_t n;
    bool first_only; /* one violation, not all (UpdateItem's enums: 14 section 2.4) */
};

/* Stages in order; a later one is silent while an earlier one fails. */
struct stages {
    const struct stage *v;
    uint32_t n;
};

struct shape {
    const char *java; /* "AttributeValueUpdate": com.amazonaws.dynamodb.v20120810.<java> */
    size_t bytes;     /* sizeof the struct */
    const struct member *members;
    uint32_t n;
    const struct stages *classic;  /* NULL: one stage of all members */
    const struct stages *modern;   /* NULL: the operation is still on the classic layer (14 section 1) */
    const struct stages *fallback; /* of a request that fell back to the classic layer; NULL: as classic */
};

#define MEMBERS(array) .members = (array), .n = COUNT_OF(array)
#define STAGES(array)  (&(const struct stages){(array), COUNT_OF(array)})

/* Fills `request` (zeroed, shape->bytes) from an object token. Decides the layer too: err->validation becomes classic
   when the operation has no modern stages or the request falls back (14 section 1.3). JSON null is an absent member,
   entry or element (of elements nothing is recorded: chosen). */
int shape_decode(const struct shape *shape, const struct tape *tape, const struct token *object, void *request,
                 struct arena *arena, struct err *err) MUST_USE;

/* Runs the stages of the layer that is on: up to 10 violations of a stage in row order, depth-first; -1 with the joined
   message when there are any. */
int shape_check(const struct shape *shape, const void *request, struct err *err) MUST_USE;

/* Whether a required member is absent, in nested structures too. */
bool shape_lacks_required(const struct shape *shape, const void *request);

/* One stage, for operations that check something of their own in between (14 section 13.1). */
int stage_check(const struct stage *stage, const void *request, struct err *err) MUST_USE;

/* The same, but adds to `list` without an error, for operations that join further texts of their own. */
struct violations {
    struct str text[10];
    uint32_t n;
    bool bare; /* the first one stands without "1 validation error detected: " */
};
void stage_violations(const struct stage *stage, const void *request, struct err *err, struct violations *list);
void shape_violations(const struct shape *shape, const void *request, struct err *err, struct violations *list);
void violation_add(struct violations *list, struct str text);
int violations_report(const struct violations *list, struct err *err) MUST_USE;

/* --- attribute values --------------------------------------------------------------------------------------------- */

/* JSON of one AttributeValue (an object token) to encoded bytes appended to out. 0, or -1 with a
   SerializationException. A value that the service would refuse later is remembered in *fault; what is appended is well
   formed even then. */
int value_decode(const struct tape *tape, const struct token *token, struct buf *out, struct value_fault *fault,
                 struct arena *arena, struct err *err) MUST_USE;

/* ValidationException of a remembered fault, wrapped as the layer wants; 0 when there is none. */
int value_fault_report(const struct value_fault *fault, struct err *err) MUST_USE;
/* Only when it is of this kind. */
int value_fault_report_kind(const struct value_fault *fault, enum fault_kind kind, struct err *err) MUST_USE;

#endif
