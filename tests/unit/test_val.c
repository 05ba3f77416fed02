/* Attribute values: layout, walking, validity of any bytes, equality, sizes (02 sections 7, 8). */
#include "arena.h"
#include "limits.h"
#include "num.h"
#include "test.h"
#include "val.h"

#include <stdlib.h>

/* --- a notation for tests: s"x" n1 b"x" t f 0 [..] {name:..} S(..) N(..) B(..) ------------------------------------ */

static struct str word(const char **at) {
    const char *start = *at;
    *at += strcspn(*at, ",]}):");
    return str_make(start, (size_t)(*at - start));
}

static void put(struct buf *out, const char **at);

static void put_members(struct buf *out, enum val_type type, char end, const char **at) {
    size_t mark = val_begin(out, type);
    uint32_t count = 0;
    for (; **at != end; count++) {
        if (type == VAL_M) {
            struct str name = word(at);
            val_put_name(out, name, val_is_plain(name));
            ++*at;
        }
        if (type == VAL_L || type == VAL_M)
            put(out, at);
        else
            val_put_member(out, word(at));
        *at += **at == ',';
    }
    ++*at;
    val_end(out, mark, count);
}

static void put(struct buf *out, const char **at) {
    struct str text;
    switch (*(*at)++) {
    case 's':
        text = word(at);
        return val_put_scalar(out, VAL_S, val_is_plain(text), text);
    case 'n':
        return val_put_scalar(out, VAL_N, true, word(at));
    case 'b':
        return val_put_scalar(out, VAL_B, false, word(at));
    case 't':
        return val_put_bool(out, true);
    case 'f':
        return val_put_bool(out, false);
    case '0':
        return val_put_null(out);
    case '[':
        return put_members(out, VAL_L, ']', at);
    case '{':
        return put_members(out, VAL_M, '}', at);
    default:
        *at += 1;
        return put_members(out, (*at)[-2] == 'S' ? VAL_SS : (*at)[-2] == 'N' ? VAL_NS : VAL_BS, ')', at);
    }
}

static struct buf bufs[2];

static struct val made_in(struct buf *out, const char *notation) {
    struct val value = {0};
    buf_clear(out, 1 << 20);
    out->max = 1 << 20;
    put(out, &notation);
    const uint8_t *at = (const uint8_t *)out->p;
    CHECK(!out->full && val_read(&value, at, at + out->len) == at + out->len);
    CHECK(val_is_valid(buf_str(out)));
    return value;
}

static struct val made(const char *notation) { return made_in(&bufs[0], notation); }

/* --- layout ------------------------------------------------------------------------------------------------------- */

static void check_bytes(const char *notation, const char *bytes, size_t length) {
    struct val value = made(notation);
    CHECK(str_eq(buf_str(&bufs[0]), str_make(bytes, length)));
    CHECK(value.bytes == length && (const char *)value.at == bufs[0].p);
}

#define CHECK_BYTES(notation, bytes) check_bytes(notation, bytes, sizeof(bytes) - 1)

TEST(layout) {
    CHECK_BYTES("shi", "\x11\x02hi");
    CHECK_BYTES("{a:n7}", "\x0A\x05\0\0\0\x01\0\0\0\x03\x61\x12\x01\x37");
    CHECK_BYTES("t", "\x27");
    CHECK_BYTES("f", "\x07");
    CHECK_BYTES("0", "\x08");
    CHECK_BYTES("s\"", "\x01\x01\"");
    CHECK_BYTES("[]", "\x09\0\0\0\0\0\0\0\0");
    CHECK_BYTES("S(a,bc)", "\x04\x05\0\0\0\x02\0\0\0\x01"
                           "a\x02"
                           "bc");
}

TEST(long_lengths) {
    char text[20000];
    memset(text, 'x', sizeof text);
    static const size_t lengths[] = {0, 1, 63, 64, 127, 128, 8191, 8192, 16383, 16384, 20000};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct buf out;
        buf_init(&out, 1 << 20);
        struct str data = str_make(text, lengths[i]), name;
        size_t mark = val_begin(&out, VAL_M);
        val_put_name(&out, data, true);
        val_put_scalar(&out, VAL_S, true, data);
        val_end(&out, mark, 1);
        struct val map, value;
        const uint8_t *at = (const uint8_t *)out.p;
        CHECK(val_is_valid(buf_str(&out)) && val_read(&map, at, at + out.len));
        struct val_iter iter = val_iter(&map);
        bool plain = false;
        CHECK(val_next_entry(&iter, &name, &plain, &value) && plain);
        CHECK(str_eq(name, data) && str_eq(value.data, data));
        CHECK(!val_next_entry(&iter, &name, &plain, &value));
        buf_free(&out);
    }
}

TEST(a_full_buffer_is_left_alone) {
    struct buf out;
    buf_init(&out, 12);
    size_t mark = val_begin(&out, VAL_L);
    val_put_scalar(&out, VAL_S, true, STR("too long"));
    val_end(&out, mark, 1);
    CHECK(out.full && out.len == VAL_HEAD_BYTES);
    buf_free(&out);
    buf_init(&out, 4);
    mark = val_begin(&out, VAL_L);
    val_end(&out, mark, 0);
    CHECK(out.full && out.len == 0);
    buf_free(&out);
}

TEST(names_of_types) {
    for (enum val_type type = VAL_S; type <= VAL_M; type++)
        CHECK(val_type_of(str_of(val_type_name(type))) == type);
    static const char *const unknown[] = {"", "X", "s", "XS", "SX", "LS", "MS", "BOOl", "NULLS", "SSS"};
    for (size_t i = 0; i < COUNT_OF(unknown); i++)
        CHECK(val_type_of(str_of(unknown[i])) == VAL_NONE);
}

TEST(plain_text) {
    CHECK(val_is_plain(STR_NONE));
    CHECK(val_is_plain(STR("caf\xC3\xA9 \x7F ~ / longer than eight")));
    for (size_t at = 0; at < 20; at++)
        for (int byte = 0; byte < 256; byte++) {
            char text[20];
            memset(text, 'a', sizeof text);
            text[at] = (char)byte;
            CHECK(val_is_plain(str_make(text, sizeof text)) == (byte >= 0x20 && byte != '"' && byte != '\\'));
        }
}

/* --- walking ------------------------------------------------------------------------------------------------------ */

TEST(get_and_at) {
    struct val map = made("{a:n1,b:[sx,sy,{c:t}],:0}"), value, element;
    CHECK(map.count == 3);
    CHECK(val_get(&map, STR("a"), &value) && value.type == VAL_N);
    CHECK(val_get(&map, STR(""), &value) && value.type == VAL_NULL);
    CHECK(!val_get(&map, STR("c"), &value));
    CHECK(val_get(&map, STR("b"), &value) && value.type == VAL_L && value.count == 3);
    CHECK(val_at(&value, 1, &element));
    CHECK_STR(element.data, "y");
    CHECK(val_at(&value, 2, &element) && val_get(&element, STR("c"), &element) && element.flags & VAL_TRUE);
    CHECK(!val_at(&value, 3, &element));
    CHECK(!val_at(&value, UINT32_MAX, &element));
}

TEST(no_entries_at_all) {
    struct val empty = val_of_entries(STR_NONE, 0), value;
    CHECK(empty.type == VAL_M && !empty.at);
    CHECK(!val_get(&empty, STR("a"), &value));
    CHECK(val_entries_size(&empty) == 0 && val_depth(&empty) == 1);
    CHECK(val_entries_valid(STR_NONE, 0) && !val_entries_valid(STR_NONE, 1));
}

TEST(set_members) {
    struct val set = made("S(a,b,c)"), scalar = made_in(&bufs[1], "sb");
    CHECK(val_set_has(&set, &scalar));
    scalar = made_in(&bufs[1], "sd");
    CHECK(!val_set_has(&set, &scalar));
    scalar = made_in(&bufs[1], "bb");
    CHECK(!val_set_has(&set, &scalar));
    set = made("N(-1,2,10)");
    scalar = made_in(&bufs[1], "n10");
    CHECK(val_set_has(&set, &scalar));
    scalar = made_in(&bufs[1], "[n10]");
    CHECK(!val_set_has(&set, &scalar));
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

static bool same(const char *a, const char *b) {
    struct val x = made_in(&bufs[0], a), y = made_in(&bufs[1], b);
    bool equal = val_equal(&x, &y);
    CHECK(val_equal(&y, &x) == equal);
    CHECK(val_equal(&x, &x) && val_equal(&y, &y));
    return equal;
}

TEST(equality) {
    CHECK(same("sx", "sx") && !same("sx", "sy") && !same("sx", "bx") && !same("n1", "s1"));
    CHECK(same("t", "t") && !same("t", "f") && same("0", "0") && !same("0", "f"));
    CHECK(same("[n1,n2]", "[n1,n2]") && !same("[n1,n2]", "[n2,n1]") && !same("[n1]", "[n1,n1]"));
    CHECK(!same("[]", "{}") && same("{}", "{}") && !same("S(a)", "[sa]"));
    CHECK(same("{a:n1,b:n2}", "{b:n2,a:n1}") && !same("{a:n1,b:n2}", "{b:n1,a:n2}"));
    CHECK(!same("{a:n1,b:n2}", "{a:n1,c:n2}"));
    CHECK(same("{x:t,a:n1,b:n2,c:n3}", "{x:t,c:n3,a:n1,b:n2}"));
    CHECK(same("[{a:n1,b:{c:sx,d:sy}}]", "[{b:{d:sy,c:sx},a:n1}]"));
    CHECK(!same("[{a:n1,b:{c:sx,d:sy}}]", "[{b:{d:sy,c:sz},a:n1}]"));
    CHECK(same("S(a,b)", "S(a,b)") && !same("S(a,b)", "S(a,c)") && !same("N(1)", "S(1)"));
}

TEST(equality_looks_past_the_plain_flag) {
    struct buf out = {.max = 1024};
    val_put_scalar(&out, VAL_S, false, STR("x"));
    struct val careful, plain = made("sx");
    const uint8_t *at = (const uint8_t *)out.p;
    CHECK(val_read(&careful, at, at + out.len) && val_equal(&careful, &plain));
    buf_free(&out);
}

/* Maps in maps, each in another order than its twin: 2^31 comparisons if any value were compared twice. */
static void put_deep(struct buf *out, int levels, bool swapped) {
    size_t mark = val_begin(out, VAL_M);
    val_put_name(out, STR("m"), true);
    if (levels > 1)
        put_deep(out, levels - 1, swapped);
    else
        val_put_null(out);
    val_put_name(out, swapped ? STR("y") : STR("x"), true);
    val_put_null(out);
    val_put_name(out, swapped ? STR("x") : STR("y"), true);
    val_put_null(out);
    val_end(out, mark, 3);
}

TEST(equality_of_deep_maps_is_linear) {
    struct buf a = {.max = 1 << 20}, b = {.max = 1 << 20};
    put_deep(&a, 1000, false);
    put_deep(&b, 1000, true);
    struct val x, y;
    CHECK(val_read(&x, (uint8_t *)a.p, (uint8_t *)a.p + a.len) && val_read(&y, (uint8_t *)b.p, (uint8_t *)b.p + b.len));
    CHECK(val_equal(&x, &y));
    CHECK(val_depth(&x) == 1001);
    buf_free(&a);
    buf_free(&b);
}

static void put_wide(struct buf *out, int n, int step) {
    size_t mark = val_begin(out, VAL_M);
    for (int i = 0; i < n; i++) {
        char name[16];
        int turn = (int)((long long)i * step % n);
        val_put_name(out, str_make(name, (size_t)snprintf(name, sizeof name, "%05d", turn)), true);
        val_put_bool(out, turn & 1);
    }
    val_end(out, mark, (uint32_t)n);
}

TEST(equality_of_wide_maps) {
    struct buf a = {.max = 1 << 22}, b = {.max = 1 << 22};
    put_wide(&a, 30011, 1);
    put_wide(&b, 30011, 7919);
    struct val x, y;
    CHECK(val_read(&x, (uint8_t *)a.p, (uint8_t *)a.p + a.len) && val_read(&y, (uint8_t *)b.p, (uint8_t *)b.p + b.len));
    CHECK(val_equal(&x, &y));
    b.p[b.len - 1] ^= VAL_TRUE;
    CHECK(!val_equal(&x, &y));
    buf_free(&a);
    buf_free(&b);
}

TEST(order_of_scalars) {
    static const char *const ascending[][3] = {{"s", "sA", "sa"}, {"n-2", "n9", "n10"}, {"b", "b\x7F", "b\xFF"}};
    for (size_t row = 0; row < COUNT_OF(ascending); row++)
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) {
                struct val a = made_in(&bufs[0], ascending[row][i]), b = made_in(&bufs[1], ascending[row][j]);
                int order = val_compare(&a, &b);
                CHECK((order > 0) - (order < 0) == (i > j) - (i < j));
            }
}

/* --- measuring ---------------------------------------------------------------------------------------------------- */

static uint32_t size(const char *notation) {
    struct val value = made(notation);
    return val_size(&value);
}

static int depth(const char *notation) {
    struct val value = made(notation);
    return val_depth(&value);
}

TEST(sizes) {
    CHECK(size("sabc") == 3 && size("s\xC3\xA9") == 2 && size("s") == 0 && size("babcd") == 4);
    CHECK(size("t") == 1 && size("f") == 1 && size("0") == 1);
    CHECK(size("n0") == 1 && size("n-42") == 3 && size("n100.5") == 4);
    CHECK(size("S(a,bc)") == 3 && size("N(0,1,123)") == 6 && size("B(,abc)") == 3);
    CHECK(size("[]") == 3 && size("{}") == 3);
    CHECK(size("[sab,n1]") == 3 + 1 + 2 + 1 + 2);
    CHECK(size("{ab:sxyz}") == 3 + 1 + 2 + 3);
    struct val item = made("{pk:sab,list:[n1]}");
    CHECK(val_entries_size(&item) == 2 + 2 + 4 + 3 + 1 + 2);
}

TEST(depths) {
    CHECK(depth("sx") == 1 && depth("S(a)") == 1 && depth("[]") == 1 && depth("{}") == 1);
    CHECK(depth("[sx]") == 2 && depth("{a:[sx]}") == 3 && depth("[[],sx,[[n1]],n2]") == 4);
}

/* --- any bytes ---------------------------------------------------------------------------------------------------- */

static bool valid(const char *bytes, size_t length) { return val_is_valid(str_make(bytes, length)); }

#define VALID(bytes) valid("" bytes, sizeof(bytes) - 1)

TEST(validity) {
    CHECK(!val_is_valid(STR_NONE));
    CHECK(VALID("\x11\x01"
                "a") &&
          !VALID("\x11\x02"
                 "a") &&
          !VALID("\x11\x01"
                 "ab"));
    CHECK(!VALID("\x11\x01\"") && VALID("\x01\x01\""));     /* plain and is not */
    CHECK(!VALID("\x01\x01\xFF") && VALID("\x03\x01\xFF")); /* UTF-8 in S, anything in B */
    CHECK(!VALID("\x12\x01x") &&
          !VALID("\x12\x02"
                 "01") &&
          !VALID("\x12\x00"));
    CHECK(!VALID("\x00") && !VALID("\x0B") && !VALID("\x47") && !VALID("\x17") && !VALID("\x28"));
    CHECK(!VALID("\x01\x81\x00"
                 "a")); /* a longer varint than need be */
    CHECK(!VALID("\x01\xFF\xFF\xFF\xFF\x7F"));
    CHECK(!VALID("\x01\x80\x80\x80\x80\x80\x01"));
    CHECK(!VALID("\x09\x01\0\0\0\0\0\0\0\x08"));   /* one element, none counted */
    CHECK(!VALID("\x09\x01\0\0\0\x02\0\0\0\x08")); /* two counted */
    CHECK(!VALID("\x09\x00\0\0\0\xFF\xFF\xFF\xFF"));
    CHECK(!VALID("\x05\x02\0\0\0\x01\0\0\0\x01x") && !VALID("\x04\x02\0\0\0\x01\0\0\0\x01\x80"));
    CHECK(!VALID("\x0A\x03\0\0\0\x01\0\0\0\x02\x80\x08") && VALID("\x0A\x03\0\0\0\x01\0\0\0\x02"
                                                                  "a\x08"));
}

TEST(too_deep_is_not_valid) {
    struct buf out = {.max = 1 << 20};
    put_deep(&out, LIMIT_JSON_DEPTH - 1, false);
    CHECK(val_is_valid(buf_str(&out)));
    buf_clear(&out, 1 << 20);
    put_deep(&out, LIMIT_JSON_DEPTH, false);
    CHECK(!val_is_valid(buf_str(&out)));
    buf_free(&out);
}

static void walk_all(const struct val *value) {
    struct str member;
    struct val child;
    struct val_iter iter = val_iter(value);
    while (val_next_member(&iter, &member))
        CHECK(member.p + member.len <= value->data.p + value->data.len);
    val_at(value, 3, &child);
    val_get(value, STR("b"), &child);
    val_depth(value);
    val_equal(value, value);
}

/* Every prefix of a value and thousands of damaged copies, each in memory of just its size. */
TEST(damaged_bytes_are_safe) {
    made("{a:n1,b:[sxyz,S(a,b),{c:t,d:N(1,2)}],e:B(q),f:{g:[[[0]]]}}");
    struct str whole = buf_str(&bufs[0]);
    srand(11);
    for (int turn = 0; turn < 4000; turn++) {
        size_t length = turn < (int)whole.len ? (size_t)turn : whole.len;
        uint8_t *bytes = mem_alloc(length);
        memcpy(bytes, whole.p, length);
        for (int i = 0; i < turn % 4 && length; i++)
            bytes[(size_t)rand() % length] = (uint8_t)rand();
        struct val value;
        bool read = val_read(&value, bytes, bytes + length) != NULL;
        CHECK(read || !val_is_valid(str_make(bytes, length)));
        if (read)
            walk_all(&value);
        if (val_is_valid(str_make(bytes, length)))
            CHECK(val_size(&value) > 0 && val_equal(&value, &value));
        free(bytes);
    }
}
