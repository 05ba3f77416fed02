/* The SerializationException for a token that does not fit the declared type (01 section 5, table). All return -1. */
#ifndef MAGNETO_MISMATCH_H
#define MAGNETO_MISMATCH_H

#include "err.h"
#include "tape.h"

#define JAVA_PACKAGE "com.amazonaws.dynamodb.v20120810."

/* type: "String", "Integer", "Long". */
int mismatch_scalar(struct err *err, const struct token *token, const char *type);
int mismatch_boolean(struct err *err, const struct token *token);
int mismatch_blob(struct err *err, const struct token *token);
int mismatch_list(struct err *err, const struct token *token);
/* of: the Java name of the map's values. */
int mismatch_map(struct err *err, const struct token *token, const char *of);

enum place { PLACE_MEMBER, PLACE_ELEMENT }; /* named member; element of a list or map */
/* java: name of the structure in JAVA_PACKAGE. */
int mismatch_structure(struct err *err, const struct token *token, const char *java, enum place place);

/* Lists and maps as elements (BatchGetItem Keys, BatchWriteItem's lists). */
int mismatch_generic_list(struct err *err, const struct token *token);
int mismatch_generic_map(struct err *err, const struct token *token, const char *of);

#endif
