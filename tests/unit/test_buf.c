/* The bounded buffer: growth, and a maximum that sticks. */
#include "buf.h"
#include "test.h"

TEST(grows_to_its_maximum_and_no_further) {
    struct buf buf;
    buf_init(&buf, 1000);
    for (int i = 0; i < 1000; i++)
        buf_put_byte(&buf, (uint8_t)('a' + i % 26));
    CHECK(buf.len == 1000 && !buf.full);
    CHECK(buf.p[0] == 'a' && buf.p[999] == 'a' + 999 % 26);
    buf_put_byte(&buf, 'x');
    CHECK(buf.full && buf.len == 1000);
    buf_free(&buf);
}

TEST(full_sticks) {
    struct buf buf;
    buf_init(&buf, 8);
    buf_put_lit(&buf, "123456");
    buf_put_lit(&buf, "789");
    CHECK(buf.full);
    buf_put_lit(&buf, "7");
    CHECK_STR(buf_str(&buf), "123456");
    CHECK(!buf_room(&buf, 1));
    buf_clear(&buf, 1024);
    CHECK(!buf.full && buf.len == 0 && buf.p);
    buf_put_lit(&buf, "12345678");
    CHECK_STR(buf_str(&buf), "12345678");
    buf_free(&buf);
}

TEST(clear_gives_back_what_is_beyond) {
    struct buf buf;
    buf_init(&buf, 1 << 20);
    CHECK(buf_room(&buf, 100000));
    buf_clear(&buf, 4096);
    CHECK(buf.p == NULL && buf.cap == 0);
    buf_put_str(&buf, STR("again"));
    CHECK_STR(buf_str(&buf), "again");
    buf_free(&buf);
}

TEST(nothing_put_is_nothing) {
    struct buf buf;
    buf_init(&buf, 16);
    buf_put_str(&buf, STR_NONE);
    buf_put_str(&buf, STR(""));
    CHECK(buf.len == 0 && !buf.full);
    buf_free(&buf);
}

TEST(over_memory_of_others) {
    char room[4];
    struct buf buf = {.p = room, .cap = sizeof room, .max = sizeof room};
    buf_put_lit(&buf, "abcd");
    CHECK_STR(buf_str(&buf), "abcd");
    buf_put_lit(&buf, "e");
    CHECK(buf.full);
}
