/* Spans of a head: names without case, and separators, against a byte by byte reading. */
#include "span.h"
#include "test.h"

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

TEST(every_pair_of_bytes_compares_without_case_at_every_place) {
    for (int a = 0; a < 256; a++)
        for (int b = 0; b < 256; b++)
            for (size_t at = 0; at < 11; at += 5) {
                char x[] = "Content-Typ", y[] = "cOnTeNt-tYp";
                x[at] = (char)a;
                y[at] = (char)b;
                bool same = lower(x[at]) == lower(y[at]);
                CHECK(span_eq_nocase((struct span){x, 11}, (struct span){y, 11}) == same);
                CHECK(span_eq_nocase((struct span){x + at, 1}, (struct span){y + at, 1}) == same);
            }
}

TEST(lengths_must_agree) {
    CHECK(!span_eq_nocase(SPAN("abc"), SPAN("abcd")));
    CHECK(span_eq_nocase(SPAN(""), SPAN("")));
}

TEST(parts_end_at_the_first_of_two_separators) {
    char text[40];
    for (size_t at = 0; at < 30; at++)
        for (int second = 0; second < 2; second++) {
            struct span rest = {text, sizeof text}, part;
            memset(text, 'a' + (int)at % 3, sizeof text);
            text[at] = second ? ' ' : ',';
            text[at + 7] = second ? ',' : ' ';
            CHECK(span_part(&rest, ", ", &part) && part.len == at);
            CHECK(span_part(&rest, ", ", &part) && part.len == 6);
            CHECK(span_part(&rest, ", ", &part) && part.len == sizeof text - at - 8);
            CHECK(!span_part(&rest, ", ", &part));
        }
}
