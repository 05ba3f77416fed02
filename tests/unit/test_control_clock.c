/* GET clock while the system's time goes on at every look. */
#include "magneto.h"
#include "test.h"

static int64_t next_ms(void *data) { return ++*(int64_t *)data; }

TEST(now_and_offset_are_of_one_moment) {
    int64_t now_ms = 1700000000123;
    const char *why = NULL;
    magneto *m = magneto_open(&(magneto_options){.now_ms = next_ms, .now_data = &now_ms}, &why);
    CHECK(m);
    const magneto_control_request request = {.method = "GET", .method_len = 3, .path = "clock", .path_len = 5};
    magneto_reply reply;
    magneto_control(m, &request, &reply);
    static const char end[] = ",\"frozen\":false,\"offset\":0}";
    CHECK(reply.body_len > sizeof end - 1);
    CHECK(memcmp(reply.body + reply.body_len - (sizeof end - 1), end, sizeof end - 1) == 0);
    magneto_reply_free(m, &reply);
    magneto_close(m);
}
