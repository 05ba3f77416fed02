#include "packed.h"
#include "test.h"

#include <stdlib.h>

/* Packs `text`, cuts the last `less` bytes off, and unpacks into at most `most`. */
static int there_and_back(struct str text, size_t most, size_t less, struct buf *out) {
    struct buf packed;
    buf_init(&packed, 32 << 20);
    buf_init(out, most);
    pack(&packed, text);
    int rc = unpack(out, str_make(packed.p, packed.len - less));
    buf_free(&packed);
    return rc;
}

TEST(round_trip) {
    static char zeros[3 << 20];
    const struct str texts[] = {STR(""), STR("a"), STR("hello\nhello\n"), {zeros, sizeof zeros}};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct buf out;
        CHECK(there_and_back(texts[i], 8 << 20, 0, &out) == 0);
        CHECK(str_eq(buf_str(&out), texts[i]));
        buf_free(&out);
    }
}

TEST(members_one_after_another) {
    struct buf packed, out;
    char *long_text = malloc(1 << 20);
    memset(long_text, 'x', 1 << 20);
    buf_init(&packed, 32 << 20);
    buf_init(&out, 32 << 20);
    pack(&packed, str_make(long_text, 1 << 20));
    pack(&packed, STR("end"));
    CHECK(unpack(&out, buf_str(&packed)) == 0);
    CHECK(out.len == (1 << 20) + 3);
    CHECK(memcmp(out.p + out.len - 4, "xend", 4) == 0);
    free(long_text);
    buf_free(&packed);
    buf_free(&out);
}

TEST(damage) {
    struct buf out;
    for (size_t less = 1; less < 20; less++) {
        CHECK(there_and_back(STR("some text, some text, some text"), 1 << 20, less, &out) == -1);
        buf_free(&out);
    }
    buf_init(&out, 1 << 20);
    CHECK(unpack(&out, STR("this is no gzip, and it is not short either")) == -1);
    buf_free(&out);
}

TEST(too_long) {
    static char zeros[1 << 20];
    struct buf out;
    CHECK(there_and_back(str_make(zeros, sizeof zeros), sizeof zeros - 1, 0, &out) == -1);
    buf_free(&out);
}
