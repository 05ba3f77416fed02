/* Keys: order of sort keys in items and entries, where partitions lie, what a prefix covers. */
#include "index.h"
#include "num.h"
#include "test.h"

#include <md5.h>

static struct val text(const char *s) { return (struct val){.type = VAL_S, .data = str_of(s)}; }

static struct val number(const char *s) { return (struct val){.type = VAL_N, .data = str_of(s)}; }

static char memory[8][512];
static struct buf fresh(int i) { return (struct buf){.p = memory[i], .cap = 512, .max = 512}; }

TEST(item_keys_follow_the_sort_key) {
    static const char *const ascending[] = {"", "a", "a\x01", "ab", "b", "\xc3\xa9", "\xf0\x9f\x98\x80"};
    struct val pk = text("p");
    for (int i = 1; i < (int)COUNT_OF(ascending); i++) {
        struct buf low = fresh(0), high = fresh(1);
        struct val a = text(ascending[i - 1]), b = text(ascending[i]);
        key_put_partition(&low, 300, &pk, 1);
        key_put_sort(&low, &a);
        key_put_partition(&high, 300, &pk, 1);
        key_put_sort(&high, &b);
        CHECK(str_cmp(buf_str(&low), buf_str(&high)) < 0);
    }
}

TEST(number_sort_keys_are_numeric) {
    static const char *const ascending[] = {"-100", "-2", "-1.5", "-1", "0", "0.5", "1", "9", "10", "10.1", "1000"};
    for (int i = 1; i < (int)COUNT_OF(ascending); i++) {
        struct buf low = fresh(0), high = fresh(1);
        struct val a = number(ascending[i - 1]), b = number(ascending[i]);
        key_put_entry_sort(&low, &a, false);
        buf_put_lit(&low, "\xff\xff");
        key_put_entry_sort(&high, &b, false);
        CHECK(str_cmp(buf_str(&low), buf_str(&high)) < 0);
    }
}

TEST(entry_sort_keys_are_ended_so_that_what_follows_does_not_matter) {
    struct val a = {.type = VAL_B, .data = str_make("a\0", 2)}, b = {.type = VAL_B, .data = str_make("a\0\0", 3)};
    struct val c = {.type = VAL_B, .data = str_make("a\x01", 2)}, shorter = text("a");
    struct val *ascending[] = {&shorter, &a, &b, &c};
    for (int i = 1; i < 4; i++) {
        struct buf low = fresh(0), high = fresh(1);
        key_put_entry_sort(&low, ascending[i - 1], false);
        buf_put_lit(&low, "\xff\xff\xff");
        key_put_entry_sort(&high, ascending[i], false);
        CHECK(str_cmp(buf_str(&low), buf_str(&high)) < 0);
    }
}

TEST(scan_order_is_the_recorded_one) { /* 05 section 9 */
    static const char *const order[] = {"2",       "8", "9", "1",   "6",
                                        "hello",   "0", "5", "4",   "\xc3\xa4\xc3\xa1\xc3\xb6\xc3\xbc",
                                        "aardman", "7", "3", "zapf"};
    for (int i = 1; i < (int)COUNT_OF(order); i++) {
        struct val a = text(order[i - 1]), b = text(order[i]);
        CHECK(key_hash(&a, 1) < key_hash(&b, 1));
    }
}

TEST(short_and_long_keys_take_the_same_hash) { /* one block, or the general way: around the 55 bytes that one holds */
    char text[80];
    memset(text, 'x', sizeof text);
    for (size_t len = 1; len < sizeof text; len++) {
        MD5_CTX md5;
        uint8_t digest[16];
        uint64_t want = 0;
        struct val key = {.type = VAL_S, .data = str_make(text, len)};
        MD5Init(&md5);
        MD5Update(&md5, (const uint8_t *)"Outliers", 8);
        MD5Update(&md5, (const uint8_t *)text, len);
        MD5Final(digest, &md5);
        for (int i = 0; i < 8; i++)
            want = want << 8 | digest[i];
        CHECK(key_hash(&key, 1) == want);
    }
}

TEST(equal_numbers_hash_alike) {
    struct val a = number("7"), b = number("7");
    CHECK(key_hash(&a, 1) == key_hash(&b, 1));
}

static struct str partition(int i, const struct val *pks, size_t n) {
    struct buf key = fresh(i);
    key_put_partition(&key, 300, pks, n);
    return buf_str(&key);
}

TEST(a_partition_takes_as_many_bytes_whatever_its_key) {
    char text[300];
    memset(text, 'x', sizeof text);
    struct val small = {.type = VAL_S, .data = str_make(text, 1)}, large = {.type = VAL_S, .data = str_make(text, 300)};
    CHECK(partition(0, &small, 1).len == 20);
    CHECK(partition(1, &large, 1).len == 20);
}

TEST(what_agrees_in_md5_has_another_tag) {
    struct val a = text("a"), b = text("b");
    CHECK(!str_eq(str_skip(partition(0, &a, 1), 12), str_skip(partition(1, &b, 1), 12)));
}

TEST(several_partition_keys_keep_their_borders) {
    struct val one[] = {text("ab"), text("c")}, other[] = {text("a"), text("bc")}, again[] = {text("ab"), text("c")};
    CHECK(!str_eq(str_skip(partition(0, one, 2), 12), str_skip(partition(1, other, 2), 12)));
    CHECK(str_eq(partition(0, one, 2), partition(1, again, 2)));
}

TEST(after_prefix) {
    struct buf key = fresh(0);
    buf_put_lit(&key, "ab\xff\xff");
    CHECK(key_after_prefix(&key));
    CHECK_STR(buf_str(&key), "ac");
    key.len = 0;
    buf_put_lit(&key, "\xff");
    CHECK(!key_after_prefix(&key));
}
