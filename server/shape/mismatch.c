/* The words of 01 section 5, in one place: what Java calls the type that was declared and the token that was sent. */
#include "mismatch.h"

static const char unexpected_object[] = "Start of structure or map found where not expected";
static const char unexpected_field[] = "Unexpected field type";
static const char generic_cast[] =
    "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class "
    "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of "
    "loader 'bootstrap')";

static int refuse(struct err *err, const char *text) { return err_set(err, ERR_SERIALIZATION, "%s", text); }

static const char *token_word(const struct token *token) {
    switch (token->type) {
    case TOKEN_TRUE:
        return "TRUE_VALUE";
    case TOKEN_FALSE:
        return "FALSE_VALUE";
    case TOKEN_INTEGER:
        return "NUMBER_VALUE";
    case TOKEN_DECIMAL:
        return "DECIMAL_VALUE";
    default:
        ENSURE(token->type == TOKEN_STRING);
        return "STRING_VALUE";
    }
}

int mismatch_scalar(struct err *err, const struct token *token, const char *type) {
    if (token->type == TOKEN_OBJECT)
        return refuse(err, unexpected_object);
    if (token->type == TOKEN_ARRAY)
        return err_set(err, ERR_SERIALIZATION, "Unrecognized collection type class java.lang.%s", type);
    return err_set(err, ERR_SERIALIZATION, "%s cannot be converted to %s", token_word(token), type);
}

int mismatch_boolean(struct err *err, const struct token *token) {
    if (token->type == TOKEN_ARRAY)
        return err_bare(err, ERR_SERIALIZATION); /* 14 section 3.1 */
    if (token->type == TOKEN_STRING)
        return refuse(err, "Unexpected token received from parser");
    return mismatch_scalar(err, token, "Boolean");
}

int mismatch_blob(struct err *err, const struct token *token) {
    if (token->type == TOKEN_OBJECT)
        return refuse(err, unexpected_object);
    if (token->type == TOKEN_ARRAY)
        return refuse(err, "Unrecognized collection type class java.nio.ByteBuffer");
    return refuse(err, "only base-64-encoded strings are convertible to bytes");
}

int mismatch_list(struct err *err, const struct token *token) {
    return refuse(err, token->type == TOKEN_OBJECT ? unexpected_object : unexpected_field);
}

static int not_a_map(struct err *err, const char *of) {
    return err_set(err, ERR_SERIALIZATION, "Unrecognized collection type java.util.Map<java.lang.String, %s>", of);
}

int mismatch_map(struct err *err, const struct token *token, const char *of) {
    return token->type == TOKEN_ARRAY ? not_a_map(err, of) : refuse(err, unexpected_field);
}

int mismatch_structure(struct err *err, const struct token *token, const char *java, enum place place) {
    if (token->type == TOKEN_ARRAY)
        return err_set(err, ERR_SERIALIZATION, "Unrecognized collection type class " JAVA_PACKAGE "%s", java);
    return refuse(err, place == PLACE_MEMBER ? unexpected_field : "Unexpected value type in payload");
}

int mismatch_generic_list(struct err *err, const struct token *token) {
    return refuse(err, token->type == TOKEN_OBJECT ? unexpected_object : generic_cast);
}

int mismatch_generic_map(struct err *err, const struct token *token, const char *of) {
    return token->type == TOKEN_ARRAY ? not_a_map(err, of) : refuse(err, generic_cast);
}
