/* What updates are charged: the statements of 14 section 6.2, and one of each weight. */
#include "expr_fixture.h"
#include "limits.h"

#define ENV ":v1='a', :v10='0123456789', :one=1, :lst=['0123456789'], :ss=<'ab'>, #long='name.of.20.bytes.all'"

static uint64_t charge_of(const char *text, uint64_t most) {
    struct fixture f;
    fixture_begin(&f, VALIDATION_2026);
    fixture_env(&f, ENV);
    struct update *update = update_parse(&f.arena, str_of(text), &f.env, &f.err);
    uint64_t charge = update ? update_charge(update, most) : 0;
    fixture_end(&f);
    return charge;
}

TEST(statements) {
    static const struct {
        const char *text;
        uint64_t charge;
    } rows[] = {
        {"SET b = :v1", 24},
        {"SET m.a.x = :v10", 43},
        {"REMOVE m.a.y", 15},
        {"DELETE m.ss :ss", 11},
        {"SET c = m.a.z", 69},
        {"SET n = n + :one", 75},
        {"SET n = n - :one", 78},
        {"SET c = if_not_exists(c, :v1)", 79},
        {"SET l = list_append(l, :lst)", 90},
        {"SET b = :v1, c = :v1", 45},
        {"SET b = (:v1) REMOVE c", 26},
        {"ADD n :one", 25},
        {"SET #long = :v1", 43},
        {"SET l[10].a = :v1", 35},
        {"SET b = l[10]", 3 + 19 + 1 + 1 + 2 * 14 + 1 + 2},
        {"SET l = list_append(if_not_exists(l, :lst), :lst)", 3 + 19 + 1 + 37 + (39 + 16 + 14) + 14},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t charge = charge_of(rows[i].text, LIMIT_ITEM_BYTES);
        CHECK(charge == rows[i].charge);
        if (charge != rows[i].charge)
            CHECK_STR(str_of(rows[i].text), "");
    }
}

TEST(counting_ends_behind_the_most) {
    CHECK(charge_of("SET b = :v10, c = :v10", 30) > 30);
    CHECK(charge_of("SET b = list_append(:lst, :lst)", 23) < charge_of("SET b = list_append(:lst, :lst)", 1000));
}

TEST(attribute_updates_are_free) {
    struct update_action action = {.verb = UPDATE_REMOVE, .path = {&(struct path_step){.name = STR("a")}, 1}};
    const struct update update = {&action, 1, true, true};
    CHECK(update_charge(&update, LIMIT_ITEM_BYTES) == 0);
}
