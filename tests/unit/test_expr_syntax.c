/* Syntax: token and near of every captured example (03 sections 2 and 4.1, 14 sections 7.1-7.5), and what must read. */
#include "expr_parse.h"
#include "limits.h"

#define ENV               ":v=1, :s=<1>, :w=2, :x=3, :pk='p', :l=[], :abc123=1, #n='name', #4g='g', #_='u'"
#define NEAR(token, near) "Syntax error; token: \"" token "\", near: \"" near "\""

TEST(near_of_conditions) {
    static const struct parse_case rows[] = {
        {EXPR_CONDITION, "attribute_not_exists(", NEAR("<EOF>", "(")},
        {EXPR_CONDITION, "a =", NEAR("<EOF>", "=")},
        {EXPR_CONDITION, "a BETWEEN :v", NEAR("<EOF>", ":v")},
        {EXPR_CONDITION, "(a = :v", NEAR("<EOF>", ":v")},
        {EXPR_CONDITION, "a.", NEAR("<EOF>", ".")},
        {EXPR_CONDITION, "a[", NEAR("<EOF>", "[")},
        {EXPR_CONDITION, "NOT", NEAR("<EOF>", "NOT")},
        {EXPR_CONDITION, "= :v", NEAR("=", "= :v")},
        {EXPR_CONDITION, "AND a = :v", NEAR("AND", "AND a")},
        {EXPR_CONDITION, "attribute_exists pk", NEAR("pk", "attribute_exists pk")},
        {EXPR_CONDITION, "begins_with(a :v)", NEAR(":v", "a :v)")},
        {EXPR_CONDITION, "a ! b", NEAR("!", "a ! b")},
        {EXPR_CONDITION, "a = :v !", NEAR("!", ":v !")},
        {EXPR_KEY_CONDITION, "pk = :pk AND begins_with(sk", NEAR("<EOF>", "sk")},
        {EXPR_CONDITION, "attribute_exists(pk) x y", NEAR("x", ") x y")},
        {EXPR_CONDITION, "a = :v :w x", NEAR(":w", ":v :w x")},
        {EXPR_CONDITION, "a BETWEEN :v OR :w", NEAR("OR", ":v OR :w")},
        {EXPR_CONDITION, "a = :v)", NEAR(")", ":v)")},
        {EXPR_CONDITION, "a[x] = :v", NEAR("x", "[x]")},
        {EXPR_CONDITION, "a[1 = :v", NEAR("=", "1 = :v")},
        {EXPR_CONDITION, "a = = :v", NEAR("=", "= = :v")},
        {EXPR_FILTER, "aaa = :v AND bbbb = :w cccc = :x", NEAR("cccc", ":w cccc =")},
        {EXPR_CONDITION, "attribute_exists(pk,)", NEAR(")", ",)")},
        {EXPR_CONDITION, "a IN :v", NEAR(":v", "IN :v")},
        {EXPR_CONDITION, "a IN ()", NEAR(")", "()")},
        {EXPR_CONDITION, "size(a) =", NEAR("<EOF>", "=")},
        {EXPR_KEY_CONDITION, "pk = :pk :w", NEAR(":w", ":pk :w")},
        {EXPR_CONDITION, "a-b", NEAR("-", "a-b")},
        {EXPR_CONDITION, "!!! INVALID", NEAR("!", "!!")},
        {EXPR_CONDITION, "a = = b", NEAR("=", "= = b")},
        {EXPR_CONDITION, "tenantAgent:abc123-x", NEAR(":abc123", "tenantAgent:abc123-")},
        {EXPR_CONDITION, "a in b", NEAR("b", "in b")},
        {EXPR_CONDITION, "a in (b,c,)", NEAR(")", ",)")},
        {EXPR_CONDITION, "a > between", NEAR("between", "> between")},
        {EXPR_CONDITION, "a > 4", NEAR("4", "> 4")},
        {EXPR_CONDITION, "size(a).b > a", NEAR(".", ").b")},
        {EXPR_CONDITION, "(size(a))[0] > a", NEAR("[", ")[0")},
        {EXPR_CONDITION, "(:v).b > a", NEAR(".", ").b")},
        {EXPR_CONDITION, "a != b", NEAR("!", "a !=")},
        {EXPR_CONDITION, "a == b", NEAR("=", "== b")},
        {EXPR_CONDITION, "a", NEAR("<EOF>", "a")},
        {EXPR_CONDITION, "(a) AND b = c", NEAR("AND", ") AND b")},
        {EXPR_CONDITION, "NOT (a)", NEAR("<EOF>", ")")},
        {EXPR_CONDITION, "(NOT a)", NEAR(")", "a)")},
        {EXPR_CONDITION, "a = NOT b", NEAR("NOT", "= NOT b")},
        {EXPR_CONDITION, "a = (b = c)", NEAR("=", "b = c")},
        {EXPR_CONDITION, "a = b = c", NEAR("=", "b = c")},
        {EXPR_CONDITION, "a = b OR", NEAR("<EOF>", "OR")},
        {EXPR_CONDITION, "a = #$", NEAR("#", "= #$")},
        {EXPR_CONDITION, "a = #", NEAR("#", "= #")},
        {EXPR_CONDITION, "f()", NEAR(")", "()")},
        {EXPR_CONDITION, "a.:v = b", NEAR(":v", ".:v =")},
        {EXPR_CONDITION, "a[:v] = b", NEAR(":v", "[:v]")},
        {EXPR_CONDITION, "a[-1] = b", NEAR("-", "[-1")},
        {EXPR_CONDITION, "a[1.5] = b", NEAR(".", "1.5")},
        {EXPR_CONDITION, "()", NEAR(")", "()")},
    };
    CHECK_PARSES(rows, ENV, VALIDATION_CLASSIC);
}

TEST(near_of_updates) {
    static const struct parse_case rows[] = {
        {EXPR_UPDATE, "ADD hits : incr", NEAR(":", "hits : incr")},
        {EXPR_UPDATE, "INVALID SYNTAX HERE", NEAR("INVALID", "INVALID SYNTAX")},
        {EXPR_UPDATE, "SET", NEAR("<EOF>", "SET")},
        {EXPR_UPDATE, "SET a =", NEAR("<EOF>", "=")},
        {EXPR_UPDATE, "ADD a", NEAR("<EOF>", "a")},
        {EXPR_UPDATE, "SET a :v", NEAR(":v", "a :v")},
        {EXPR_UPDATE, "REMOVE a :v", NEAR(":v", "a :v")},
        {EXPR_UPDATE, "SET a = :v x", NEAR("x", ":v x")},
        {EXPR_UPDATE, "REMOVE l[00]", NEAR("0", "00]")},
        {EXPR_UPDATE, "REMOVE l[007]", NEAR("0", "007")},
        {EXPR_UPDATE, "REMOVE l[01]", NEAR("1", "01]")},
        {EXPR_UPDATE, "SET a = b + c + d", NEAR("+", "c + d")},
        {EXPR_UPDATE, "SET a = if_not_exists(a, b + c)", NEAR("+", "b + c")},
        {EXPR_UPDATE, "SET a = b * c", NEAR("*", "b * c")},
        {EXPR_UPDATE, "SET (a = b)", NEAR("(", "SET (a")},
        {EXPR_UPDATE, "SET a = ((b)) + :v", NEAR("+", ") + :v")},
        {EXPR_UPDATE, "SET a = (b.c).d + e", NEAR(".", ").d")},
        {EXPR_UPDATE, "remove :a", NEAR(":a", "remove :a")},
        {EXPR_UPDATE, "add :a b", NEAR(":a", "add :a b")},
        {EXPR_UPDATE, "delete a b", NEAR("b", "a b")},
        {EXPR_UPDATE, "SET a = :v,", NEAR("<EOF>", ",")},
        {EXPR_UPDATE, "SET a = :v, REMOVE b", NEAR("REMOVE", ", REMOVE b")},
        {EXPR_UPDATE, "SET set = :v", NEAR("set", "SET set =")},
        {EXPR_UPDATE, "SET a = (((:v)))", NEAR("(", "((:v")},
        {EXPR_UPDATE, "SET a = list_append(b", NEAR("<EOF>", "b")},
        {EXPR_UPDATE, "SET a = (list_append(b, :l)", NEAR("<EOF>", ")")},
        {EXPR_UPDATE, "SET \xC3\xA9 a = :v", NEAR("\xC3\xA9", "SET \xC3\xA9 a")},
        {EXPR_UPDATE, "SET a = :v\xC3\xA9", NEAR("\xC3\xA9", ":v\xC3\xA9")},
        {EXPR_UPDATE, "SET a =\xC2\xA0:v", NEAR("\xC2\xA0", "=\xC2\xA0:v")},
    };
    CHECK_PARSES(rows, ENV, VALIDATION_CLASSIC);
}

TEST(near_of_projections) {
    static const struct parse_case rows[] = {
        {EXPR_PROJECTION, "(a,b)", NEAR("(", "(a")}, {EXPR_PROJECTION, "(a)", NEAR("(", "(a")},
        {EXPR_PROJECTION, "a..b", NEAR(".", "..b")}, {EXPR_PROJECTION, "a,,b", NEAR(",", ",,b")},
        {EXPR_PROJECTION, "a-b", NEAR("-", "a-b")},  {EXPR_PROJECTION, "a[b]", NEAR("b", "[b]")},
        {EXPR_PROJECTION, "a b", NEAR("b", "a b")},  {EXPR_PROJECTION, "a,", NEAR("<EOF>", ",")},
        {EXPR_PROJECTION, ":v", NEAR(":v", ":v")},   {EXPR_PROJECTION, "size(a)", NEAR("(", "size(a")},
    };
    CHECK_PARSES(rows, ENV, VALIDATION_CLASSIC);
}

TEST(blank_and_empty) {
    for (enum expr_kind kind = EXPR_UPDATE; kind <= EXPR_PROJECTION; kind++) {
        const struct parse_case rows[] = {
            {kind, "", "The expression can not be empty;"},
            {kind, "   ", NEAR("<EOF>", "   ")},
            {kind, "\t\n", NEAR("<EOF>", "\t\n")},
        };
        CHECK_PARSES(rows, ENV, VALIDATION_CLASSIC);
    }
}

/* 14 section 7.4 */
TEST(characters_outside_the_bmp) {
    static const struct parse_case classic[] = {
        {EXPR_FILTER, "a \xF0\x9F\x98\x80 = :v", NEAR("?", "a \xF0\x9F\x98\x80")},
        {EXPR_FILTER, "\xF0\x9F\x98\x80", NEAR("?", "\xF0\x9F\x98\x80")},
        {EXPR_FILTER, "a b \xF0\x9F\x98\x80", NEAR("b", "a b ?")},
        {EXPR_FILTER, "a = \xF0\x9F\x98\x80\xF0\x9F\x98\x81", NEAR("?", "= \xF0\x9F\x98\x80")},
    };
    static const struct parse_case modern[] = {
        {EXPR_FILTER, "a\xF0\x9F\x98\x80 = :v", NEAR("\xF0\x9F\x98\x80", "a\xF0\x9F\x98\x80 =")},
        {EXPR_FILTER, "a b \xF0\x9F\x98\x80", NEAR("b", "a b \xF0\x9F\x98\x80")},
    };
    CHECK_PARSES(classic, ENV, VALIDATION_CLASSIC);
    CHECK_PARSES(modern, ENV, VALIDATION_2026);
}

TEST(what_reads) {
    static const struct parse_case rows[] = {
        {EXPR_CONDITION, "a = :v", "ok"},
        {EXPR_CONDITION, "(a = :v)", "ok"},
        {EXPR_CONDITION, "(a) = (:v)", "ok"},
        {EXPR_CONDITION, "((a) = (:v))", "ok"},
        {EXPR_CONDITION, "(a = :v) and (b = :w)", "ok"},
        {EXPR_CONDITION, "((a = :v) AND (b = :w))", "ok"},
        {EXPR_CONDITION, "((a = :v) OR b = :w) AND NOT (c = :v)", "ok"},
        {EXPR_CONDITION, "NOT NOT a = :v", "ok"},
        {EXPR_CONDITION, "NOT a = :v AND NOT attribute_exists(b)", "ok"},
        {EXPR_CONDITION, "(b.c).d = :v", "ok"},
        {EXPR_CONDITION, "((b).c[0]).d = :v", "ok"},
        {EXPR_CONDITION, "a BETWEEN :v AND :w AND b = :x", "ok"},
        {EXPR_CONDITION, "(size(a)) > :v", "ok"},
        {EXPR_CONDITION, ":v BETWEEN size(a) AND (size(b))", "ok"},
        {EXPR_CONDITION, "a IN (size(b), :v, (c.d))", "ok"},
        {EXPR_CONDITION, "(attribute_exists(a))", "ok"},
        {EXPR_CONDITION, "attribute_exists((a))", "ok"},
        {EXPR_CONDITION, "a . b [ 0 ] . #n\r\n=\t:v", "ok"},
        {EXPR_CONDITION, "a<:v AND b<>:v AND c<=:v AND d>=:v", "ok"},
        {EXPR_CONDITION, "_a = :v AND #4g = :v AND #_ = :w", "ok"},
        {EXPR_CONDITION, "a[4294967294] = :v", "ok"},
        {EXPR_KEY_CONDITION, "pk = :pk AND begins_with(sk, :pk)", "ok"},
        {EXPR_UPDATE, "SET a = :v", "ok"},
        {EXPR_UPDATE, "set a=:v,b=(:v)remove c add d :v delete e.f[3] :s", "ok"},
        {EXPR_UPDATE, "SET a = if_not_exists(a, :v) + :v", "ok"},
        {EXPR_UPDATE, "SET a = list_append(list_append(a,:l),:l)", "ok"},
        {EXPR_UPDATE, "SET a = (a - :v)", "ok"},
        {EXPR_UPDATE, "SET a = ((b))", "ok"},
        {EXPR_UPDATE, "SET a = (b) + (c)", "ok"},
        {EXPR_UPDATE, "SET a = ((b) + c)", "ok"},
        {EXPR_UPDATE, "SET a = (list_append((b), (list_append(c, :l))))", "ok"},
        {EXPR_UPDATE, "REMOVE l[0], l[10]", "ok"},
        {EXPR_PROJECTION, "a, b.c[1].#n, d[0][0]", "ok"},
    };
    CHECK_PARSES(rows, ENV, VALIDATION_CLASSIC);
}

static void check_long(enum expr_kind kind, const char *head, const char *repeated, const char *want) {
    static char text[8192];
    strcpy(text, head);
    size_t at = strlen(head), n = strlen(repeated);
    while (at + n <= LIMIT_EXPRESSION_BYTES) {
        memcpy(text + at, repeated, n);
        at += n;
    }
    text[at] = 0;
    const struct parse_case row = {kind, text, want};
    check_parse(&row, ENV, VALIDATION_CLASSIC);
}

TEST(deep_nesting_is_an_ordinary_error) {
    check_long(EXPR_CONDITION, "", "(", NEAR("<EOF>", "("));
    check_long(EXPR_CONDITION, "", "NOT ", NEAR("<EOF>", "NOT"));
    check_long(EXPR_CONDITION, "", "size(", NEAR("<EOF>", "("));
    check_long(EXPR_CONDITION, "a = ", "(", NEAR("<EOF>", "("));
    check_long(EXPR_CONDITION, "", "(a = :v AND ", NEAR("<EOF>", "AND"));
    check_long(EXPR_CONDITION, "a", ".a", NEAR("<EOF>", "a"));
    check_long(EXPR_UPDATE, "SET a = ", "a(", NEAR("<EOF>", "("));
    check_long(EXPR_UPDATE, "SET a = ", "(", NEAR("(", "((("));
    check_long(EXPR_PROJECTION, "a", "[0]", "The document path has too many nesting levels; nesting levels: 1366");
}

static struct str repeat(struct fixture *f, const char *head, const char *text, int times, const char *tail) {
    struct str all = str_of(head);
    for (int i = 0; i < times; i++)
        all = arena_printf(&f->arena, "%S%s", all, text);
    return arena_printf(&f->arena, "%S%s", all, tail);
}

static void check_repeated(enum expr_kind kind, const char *head, const char *text, int times, const char *tail,
                           const char *want) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_CLASSIC);
    const struct parse_case row = {kind, repeat(&f, head, text, times, tail).p, want};
    check_parse(&row, ENV, VALIDATION_CLASSIC);
    fixture_end(&f);
}

TEST(limits) {
    check_repeated(EXPR_CONDITION, "a = :v", " ", 4090, "", "ok");
    check_repeated(EXPR_CONDITION, "a = :v", " ", 4091, "",
                   "Expression size has exceeded the maximum allowed size; expression size: 4097");
    check_repeated(EXPR_UPDATE, "SET a = :v", " ", 4087, "", "Expression size has exceeded the maximum allowed size;");
    check_repeated(EXPR_CONDITION, "", "a=:v OR ", 149, "NOT a=:v", "ok");
    check_repeated(EXPR_CONDITION, "", "a=:v OR ", 150, "a=:v",
                   "The expression contains too many operators; operator count: 301");
    check_repeated(EXPR_CONDITION, "", "NOT ", 1000, "a=:v",
                   "The expression contains too many operators; operator count: 1001");
    check_repeated(EXPR_CONDITION, "a IN (:v", ",:v", 99, ")", "ok");
    check_repeated(EXPR_CONDITION, "a IN (:v", ",:v", 100, ")",
                   "The IN operator is provided with too many operands; number of operands: 101");
    check_repeated(EXPR_CONDITION, "size(", "size(", 400, "a", NEAR("<EOF>", "a"));
    check_repeated(EXPR_CONDITION, "a[4294967295] = :v", "", 0, "",
                   "List index is not within the allowable range; index: [4294967295]");
    check_repeated(EXPR_PROJECTION, "a[1", "0", 40, "]",
                   "List index is not within the allowable range; index: [10000000000000000000000000000000000000000]");
}

TEST(size_without_figure_in_2026) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_2026);
    const struct parse_case row = {EXPR_CONDITION, repeat(&f, "a = :v", " ", 4091, "").p,
                                   "Expression size has exceeded the maximum allowed size;"};
    check_parse(&row, ENV, VALIDATION_2026);
    fixture_end(&f);
}
