/* The list of faults, and how often one strikes. Whom they strike: tests/control/test_faults.py. */
#include "faults.h"
#include "test.h"

static struct faults faults;

static struct fault *add(struct fault fault) { return faults_add(&faults, &fault); }

/* One character for each of n calls: x is struck. */
static struct str calls(struct fault *fault, char *out, size_t n) {
    for (size_t i = 0; i < n; i++)
        out[i] = fault_counts(fault) ? 'x' : '.';
    return str_make(out, n);
}

TEST(a_fault_is_copied) {
    char text[] = "{\"table\":\"things\"", entry[] = "\002pk\001\001a";
    struct fault fault = {.given = str_of(text), .table = str_make(text + 10, 6), .share = 1};
    fault.key = val_of_entries(str_make(entry, sizeof entry - 1), 1);
    struct fault *copy = add(fault);
    memset(text, '?', sizeof text - 1);
    memset(entry, '?', sizeof entry - 1);
    CHECK_STR(copy->given, "{\"table\":\"things\"");
    CHECK_STR(copy->table, "things");
    CHECK(copy->key.data.len == 6);
    CHECK(memcmp(copy->key.data.p, "\002pk\001\001a", 6) == 0);
    CHECK(!copy->namespace.p);
    faults_clear(&faults);
}

TEST(ids_are_never_given_twice) {
    uint64_t first = add((struct fault){0})->id, second = add((struct fault){0})->id,
             third = add((struct fault){0})->id;
    CHECK(first < second);
    CHECK(second < third);
    CHECK(faults_remove(&faults, second));
    CHECK(!faults_remove(&faults, second));
    CHECK(faults.n == 2);
    CHECK(faults.first->id == first);
    CHECK(faults.first->next->id == third);
    CHECK(!faults.first->next->next);
    CHECK(faults_remove(&faults, third));
    CHECK(faults_remove(&faults, first));
    CHECK(!faults.first);
    CHECK(add((struct fault){0})->id > third);
    faults_clear(&faults);
    CHECK(faults.n == 0);
    CHECK(!faults.first);
}

TEST(after_and_times) {
    char out[8];
    struct fault fault = {.after = 2, .times = 3, .share = 1};
    CHECK_STR(calls(&fault, out, 8), "..xxx...");
    CHECK(fault_is_spent(&fault));
    CHECK(fault.hits == 3);
    CHECK(fault.seen == 5); /* a spent fault does not look */
    struct fault endless = {.share = 1};
    CHECK_STR(calls(&endless, out, 8), "xxxxxxxx");
    CHECK(!fault_is_spent(&endless));
}

TEST(a_share_is_of_seed_and_count) {
    char out[40], again[40], spared[40];
    struct fault fault = {.share = 0.5, .seed = 42}, same = fault, late = fault, none = {.share = 0};
    struct str pattern = calls(&fault, out, 40);
    CHECK_STR(pattern, ".x.x..x.....x..x...xx..xx...x...x....x.x"); /* with every version of magneto */
    CHECK(str_eq(calls(&same, again, 40), pattern));
    late.after = 20;
    CHECK(str_eq(str_skip(calls(&late, spared, 40), 20), str_skip(pattern, 20)));
    CHECK(late.seen == 40);
    CHECK(!memchr(calls(&none, again, 40).p, 'x', 40));
}

TEST(a_share_is_kept_in_the_long_run) {
    static char out[10000];
    static const double shares[] = {0.01, 0.25, 0.9};
    for (uint64_t seed = 0; seed < 5; seed++)
        for (size_t i = 0; i < COUNT_OF(shares); i++) {
            struct fault fault = {.share = shares[i], .seed = seed};
            calls(&fault, out, sizeof out);
            double got = (double)fault.hits / sizeof out;
            CHECK(got > shares[i] - 0.02 && got < shares[i] + 0.02);
        }
}
