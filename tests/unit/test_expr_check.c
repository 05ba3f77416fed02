/* Static checks: every text of 03 section 4 and which of two faults is reported (03 section 4.2, 12 facts 68-91). */
#include "expr_parse.h"

#define ENV                                                                                                            \
    ":s='a', :s2='b', :n=1, :n2=2, :b=b'x', :b2=b'a', :t=true, :nil=null, :l=[1], :m={a=1}, :ss=<'a'>, :ns=<1>, "      \
    ":bs=<b'x'>, :ts='S', #a='a', #b='b', #deep='x.y'"
#define NAME(name)     "An expression attribute name used in the document path is not defined; attribute name: " name
#define VALUE(name)    "An expression attribute value used in expression is not defined; attribute value: " name
#define RESERVED(word) "Attribute name is a reserved keyword; reserved keyword: " word
#define FUNCTION(name) "Invalid function name; function: " name
#define MISUSED(name)  "The function is not allowed to be used this way in an expression; function: " name
#define ARITY(name, n)                                                                                                 \
    "Incorrect number of operands for operator or function; operator or function: " name ", number of operands: " n
#define OPERAND(name, type)                                                                                            \
    "Incorrect operand type for operator or function; operator or function: " name ", operand type: " type
#define PATH(name) "Operator or function requires a document path; operator or function: " name
#define DISTINCT(name, path)                                                                                           \
    "The first operand must be distinct from the remaining operands for this operator or function; operator: " name    \
    ", first operand: " path
#define BOUND(value) "bound operand: AttributeValue: {" value "}"
#define BETWEEN_TYPES(low, high)                                                                                       \
    "The BETWEEN operator requires same data type for lower and upper bounds; lower " BOUND(low) ", upper " BOUND(high)
#define BETWEEN_ORDER(low, high)                                                                                       \
    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower " BOUND(              \
        low) ", upper " BOUND(high)
#define PATHS(what, one, two)                                                                                          \
    "Two document paths " what " with each other; must remove or rewrite one of these paths; path one: " one           \
    ", path two: " two
#define REDUNDANT "The expression has redundant parentheses;"
#define ADD_TYPE(verb, type)                                                                                           \
    "Incorrect operand type for operator or function; operator: " verb ", operand type: " type                         \
    ", typeSet: ALLOWED_FOR_ADD_OPERAND"
#define SECTION(verb) "The \"" verb "\" section can only be used once in an update expression;"

TEST(conditions) {
    static const struct parse_case rows[] = {
        {EXPR_CONDITION, "((a = :n))", REDUNDANT},
        {EXPR_CONDITION, "a > ((b))", REDUNDANT},
        {EXPR_CONDITION, "((a)) = :n", REDUNDANT},
        {EXPR_CONDITION, "contains(((a)), :s)", REDUNDANT},
        {EXPR_CONDITION, "((b.c)).d = :s", REDUNDANT},
        {EXPR_CONDITION, "a = :s AND ((b = :s AND c = :s))", REDUNDANT},
        {EXPR_CONDITION, "((attribute_exists(a)))", REDUNDANT},
        {EXPR_CONDITION, "a IN (((b)))", REDUNDANT},
        {EXPR_CONDITION, "(((((a = :n)))))", REDUNDANT},
        {EXPR_CONDITION, "((NOT a = :n))", REDUNDANT},

        {EXPR_CONDITION, "foo(pk)", FUNCTION("foo")},
        {EXPR_KEY_CONDITION, "foo(pk, :v)", FUNCTION("foo")},
        {EXPR_CONDITION, "Size(a) = :n", FUNCTION("Size")},
        {EXPR_CONDITION, "if_not_exists(a, :n) = :n",
         "The function is not allowed in a condition expression; function: if_not_exists"},
        {EXPR_CONDITION, "size(a)", MISUSED("size")},
        {EXPR_CONDITION, "(size(a))", MISUSED("size")},
        {EXPR_CONDITION, "NOT size(a)", MISUSED("size")},
        {EXPR_CONDITION, "a = :s OR size(a) AND b = :s", MISUSED("size")},
        {EXPR_CONDITION, "a = contains(b, :s)", MISUSED("contains")},
        {EXPR_CONDITION, "size(contains(b, :s)) > :n", MISUSED("contains")},
        {EXPR_CONDITION, "a IN (:s, begins_with(b, :s))", MISUSED("begins_with")},
        {EXPR_CONDITION, "a BETWEEN :s AND attribute_exists(b)", MISUSED("attribute_exists")},

        {EXPR_CONDITION, "abOrt = :n", RESERVED("abOrt")},
        {EXPR_CONDITION, "a.abort = :n", RESERVED("abort")},
        {EXPR_CONDITION, "Size = :n OR zone = :n", RESERVED("Size")},
        {EXPR_CONDITION, "set = :n", RESERVED("set")},
        {EXPR_CONDITION, "true = :n", RESERVED("true")},
        {EXPR_CONDITION, "#x = :n", NAME("#x")},
        {EXPR_CONDITION, "a.b[1].#x = :n", NAME("#x")},
        {EXPR_CONDITION, "a = :x", VALUE(":x")},
        {EXPR_CONDITION, ":x = #x", VALUE(":x")},
        {EXPR_CONDITION, "#x = :x", NAME("#x")},

        {EXPR_CONDITION, "begins_with(a)", ARITY("begins_with", "1")},
        {EXPR_CONDITION, "contains(a)", ARITY("contains", "1")},
        {EXPR_CONDITION, "attribute_exists(a, b)", ARITY("attribute_exists", "2")},
        {EXPR_CONDITION, "size(a, b, c) > :n", ARITY("size", "3")},
        {EXPR_CONDITION, "a = a", DISTINCT("=", "[a]")},
        {EXPR_CONDITION, "a[1].b <> a[1].#b", DISTINCT("<>", "[a, [1], b]")},
        {EXPR_CONDITION, "#deep < #deep", DISTINCT("<", "[x.y]")},
        {EXPR_CONDITION, "contains(a, a)", DISTINCT("contains", "[a]")},
        {EXPR_CONDITION, "begins_with(#a, a)", DISTINCT("begins_with", "[a]")},
        {EXPR_CONDITION, "size(a) = a AND :n = :n AND a IN (a) AND a BETWEEN a AND a", "ok"},

        {EXPR_CONDITION, "begins_with(a, :n)", OPERAND("begins_with", "N")},
        {EXPR_CONDITION, "begins_with(:t, a)", OPERAND("begins_with", "BOOL")},
        {EXPR_CONDITION, "begins_with(size(a), :s)", OPERAND("begins_with", "N")},
        {EXPR_CONDITION, "begins_with(a, :b)", "ok"},
        {EXPR_CONDITION, "attribute_exists(:s)", PATH("attribute_exists")},
        {EXPR_CONDITION, "attribute_not_exists(size(a))", PATH("attribute_not_exists")},
        {EXPR_CONDITION, "attribute_type(a, b)", OPERAND("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")},
        {EXPR_CONDITION, "attribute_type(a, :n)", OPERAND("attribute_type", "N")},
        {EXPR_CONDITION, "attribute_type(a, :s)",
         "Invalid attribute type name found; type: a, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
        {EXPR_CONDITION, "attribute_type(a, :ts)", "ok"},
        {EXPR_CONDITION, "size(:n) = :n", OPERAND("size", "N")},
        {EXPR_CONDITION, "size(:t) = :n", OPERAND("size", "BOOL")},
        {EXPR_CONDITION, "size(:nil) = :n", OPERAND("size", "NULL")},
        {EXPR_CONDITION, "size(size(a)) = :n", OPERAND("size", "N")},
        {EXPR_CONDITION, "size(:s) = :n", "ok"},
        {EXPR_CONDITION, "contains(:n, a)", OPERAND("contains", "N")},
        {EXPR_CONDITION, "contains(a, :m)", "ok"},
        {EXPR_CONDITION, "a < :t", OPERAND("<", "BOOL")},
        {EXPR_CONDITION, ":ss >= a", OPERAND(">=", "SS")},
        {EXPR_CONDITION, "a BETWEEN :l AND :n", OPERAND("BETWEEN", "L")},
        {EXPR_CONDITION, "a = :t AND b <> :m AND c IN (:l, :nil)", "ok"},
        {EXPR_CONDITION, "a BETWEEN :n AND :s", BETWEEN_TYPES("N:1", "S:a")},
        {EXPR_CONDITION, "a BETWEEN :s2 AND :s", BETWEEN_ORDER("S:b", "S:a")},
        {EXPR_CONDITION, "a BETWEEN :n2 AND :n", BETWEEN_ORDER("N:2", "N:1")},
        {EXPR_CONDITION, "a BETWEEN :b AND :b2", BETWEEN_ORDER("B:eA==", "B:YQ==")},
        {EXPR_CONDITION, "a BETWEEN :n AND :n", "ok"},
    };
    CHECK_PARSES(rows, ENV, VALIDATION_CLASSIC);
}

/* 12 fact 70, 14 section 10.1 */
TEST(which_fault_of_a_condition) {
    static const struct parse_case rows[] = {
        {EXPR_CONDITION, "((foo(a))) AND", "Syntax error; token: \"<EOF>\", near: \"AND\""},
        {EXPR_CONDITION, "size(a) AND foo(abort) AND ((b = :n))", REDUNDANT},
        {EXPR_CONDITION, "size(abort) AND foo(a)", FUNCTION("foo")},
        {EXPR_CONDITION, "a = abort AND size(b)", MISUSED("size")},
        {EXPR_CONDITION, "a = :x AND b = abort", RESERVED("abort")},
        {EXPR_CONDITION, "a = a AND b = :x", DISTINCT("=", "[a]")},
        {EXPR_CONDITION, "b = :x AND a = a", VALUE(":x")},
        {EXPR_CONDITION, "begins_with(a, a, :x)", VALUE(":x")},
        {EXPR_CONDITION, "begins_with(:n)", ARITY("begins_with", "1")},
        {EXPR_CONDITION, "size(a, a) < :t", ARITY("size", "2")},
        {EXPR_CONDITION, "size(:n) < size(:x)", VALUE(":x")},
        {EXPR_KEY_CONDITION, "a = :n AND begins_with(b, :n) AND c = :x", OPERAND("begins_with", "N")},
        {EXPR_KEY_CONDITION, "a = :x AND begins_with(b, :n)", VALUE(":x")},
        {EXPR_KEY_CONDITION, ":t < sk", OPERAND("<", "BOOL")},
    };
    CHECK_PARSES(rows, ENV, VALIDATION_CLASSIC);
}

TEST(updates) {
    static const struct parse_case rows[] = {
        {EXPR_UPDATE, "SET a = foo(b)", FUNCTION("foo")},
        {EXPR_UPDATE, "SET a = size(b)", "The function is not allowed in an update expression; function: size"},
        {EXPR_UPDATE, "SET abort = :n", RESERVED("abort")},
        {EXPR_UPDATE, "REMOVE a.b.Zone", RESERVED("Zone")},
        {EXPR_UPDATE, "SET a = :n SET b = :n", SECTION("SET")},
        {EXPR_UPDATE, "remove a add c :n remove b", SECTION("REMOVE")},
        {EXPR_UPDATE, "SET #x = :n", NAME("#x")},
        {EXPR_UPDATE, "SET a = :x", VALUE(":x")},
        {EXPR_UPDATE, "DELETE a :x", VALUE(":x")},
        {EXPR_UPDATE, "SET a.b = :n, a = :m", PATHS("overlap", "[a, b]", "[a]")},
        {EXPR_UPDATE, "SET a = :n, a.b = :m", PATHS("overlap", "[a]", "[a, b]")},
        {EXPR_UPDATE, "SET l[3] = :s REMOVE l[3]", PATHS("overlap", "[l, [3]]", "[l, [3]]")},
        {EXPR_UPDATE, "SET b = :n, #a = :n, a[1].c = :n", PATHS("overlap", "[a]", "[a, [1], c]")},
        {EXPR_UPDATE, "SET a[0] = :n REMOVE a.b", PATHS("conflict", "[a, [0]]", "[a, b]")},
        {EXPR_UPDATE, "SET a.b = :n ADD a[1] :n", PATHS("conflict", "[a, b]", "[a, [1]]")},
        {EXPR_UPDATE, "SET a.b = :n, a.c[1] = :n, d = a.b, e[0] = :n, e[1] = :n", "ok"},
        {EXPR_UPDATE, "ADD a :s", ADD_TYPE("ADD", "STRING")},
        {EXPR_UPDATE, "ADD a :b", ADD_TYPE("ADD", "BINARY")},
        {EXPR_UPDATE, "ADD a :t", ADD_TYPE("ADD", "BOOLEAN")},
        {EXPR_UPDATE, "ADD a :nil", ADD_TYPE("ADD", "NULL")},
        {EXPR_UPDATE, "ADD a :l", ADD_TYPE("ADD", "LIST")},
        {EXPR_UPDATE, "DELETE a :m", ADD_TYPE("DELETE", "MAP")},
        {EXPR_UPDATE, "DELETE a :n", ADD_TYPE("DELETE", "NUMBER")},
        {EXPR_UPDATE, "ADD a :n, b :ss, c :ns, d :bs DELETE e :ss, f :ns, g :bs", "ok"},
        {EXPR_UPDATE, "SET a = b + :s", OPERAND("+", "S")},
        {EXPR_UPDATE, "SET a = :ss - b", OPERAND("-", "SS")},
        {EXPR_UPDATE, "SET a = list_append(b, :n)", OPERAND("list_append", "N")},
        {EXPR_UPDATE, "SET a = list_append(if_not_exists(b, :s), :l)", "ok"},
        {EXPR_UPDATE, "SET a = list_append(b)", ARITY("list_append", "1")},
        {EXPR_UPDATE, "SET a = if_not_exists(a, b, :n)", ARITY("if_not_exists", "3")},
        {EXPR_UPDATE, "SET a = if_not_exists(:n, b)", PATH("if_not_exists")},
        {EXPR_UPDATE, "SET a = if_not_exists(list_append(b, c), b)", PATH("if_not_exists")},
    };
    CHECK_PARSES(rows, ENV, VALIDATION_CLASSIC);
}

/* 12 fact 71, each row loses one fault of the row before */
TEST(which_fault_of_an_update) {
    static const struct parse_case rows[] = {
        {EXPR_UPDATE, "SET a = b + :s, c[1] = :x, c.d = #x ADD c :s SET e = foo(abort)", RESERVED("abort")},
        {EXPR_UPDATE, "SET a = b + :s, c[1] = :x, c.d = #x ADD c :s SET e = foo(f)", FUNCTION("foo")},
        {EXPR_UPDATE, "SET a = b + :s, c[1] = :x, c.d = #x ADD c :s SET e = f", SECTION("SET")},
        {EXPR_UPDATE, "SET a = b + :s, c[1] = :x, c.d = #x ADD c :s", NAME("#x")},
        {EXPR_UPDATE, "SET a = b + :s, c[1] = :x, c.d = x ADD c :s", VALUE(":x")},
        {EXPR_UPDATE, "SET a = b + :s, c[1] = :n, c.d = x ADD c :s", PATHS("overlap", "[c, [1]]", "[c]")},
        {EXPR_UPDATE, "SET a = b + :s, c[1] = :n, c.d = x ADD e :s", PATHS("conflict", "[c, [1]]", "[c, d]")},
        {EXPR_UPDATE, "SET a = b + :s, c[1] = :n, d = x ADD e :s", ADD_TYPE("ADD", "STRING")},
        {EXPR_UPDATE, "SET a = b + :s, c[1] = list_append(b), d = x ADD e :n", OPERAND("+", "S")},
    };
    CHECK_PARSES(rows, ENV, VALIDATION_CLASSIC);
}

/* 14 section 7.6 */
TEST(words_of_2026) {
    static const struct parse_case rows[] = {
        {EXPR_UPDATE, "ADD a :b", ADD_TYPE("ADD", "Binary")},
        {EXPR_UPDATE, "DELETE a :t", ADD_TYPE("DELETE", "BOOL")},
        {EXPR_UPDATE, "DELETE a :n", ADD_TYPE("DELETE", "NUMBER")},
    };
    CHECK_PARSES(rows, ENV, VALIDATION_2026);
}

TEST(projections) {
    static const struct parse_case rows[] = {
        {EXPR_PROJECTION, "#x, abort", RESERVED("abort")},
        {EXPR_PROJECTION, "and", RESERVED("and")},
        {EXPR_PROJECTION, "a, #x, a", NAME("#x")},
        {EXPR_PROJECTION, "a[1], a.b, a", PATHS("overlap", "[a, [1]]", "[a]")},
        {EXPR_PROJECTION, "a, a", PATHS("overlap", "[a]", "[a]")},
        {EXPR_PROJECTION, "a, b, #a.c", PATHS("overlap", "[a]", "[a, c]")},
        {EXPR_PROJECTION, "a.b, a[1]", PATHS("conflict", "[a, b]", "[a, [1]]")},
        {EXPR_PROJECTION, "a.b, a.c, d[0].e, d[0].f", "ok"},
    };
    CHECK_PARSES(rows, ENV, VALIDATION_CLASSIC);
}
