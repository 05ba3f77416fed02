/* Reserved words: every word of the table is found, in any case, and nothing else. */
#include "reserved.h"
#include "test.h"

TEST(every_word) {
    static const char *const words[] = {
#include "reserved.def"
    };
    CHECK(sizeof words / sizeof *words == 573);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!reserved_is(str_of(words[i])))
            test_fail(words[i], 0, "is not found");
}

TEST(any_case) {
    CHECK(reserved_is(STR("abort")));
    CHECK(reserved_is(STR("ZoNe")));
    CHECK(reserved_is(STR("Size")));
}

TEST(other_words) {
    CHECK(!reserved_is(STR("")));
    CHECK(!reserved_is(STR("abor")));
    CHECK(!reserved_is(STR("aborts")));
    CHECK(!reserved_is(STR("pk")));
    CHECK(!reserved_is(STR("a_word_longer_than_any_that_is_reserved")));
}
