/* The commands that make a control call and print its answer: clock, reset, snapshot and the others. Their words are
   the members of the call, NAME=VALUE; numbers, true, false and what begins with { or " go as they are, all else as
   text. */
#include "command.h"
#include "document.h"
#include "object.h"
#include "target.h"

enum { BODY_BYTES_MAX = 1 << 20 };

struct call {
    const char *path;
    const char *first; /* the member that a word without '=' means; NULL: none */
    bool posts;        /* also without words */
    bool deletes;      /* takes "delete [NAME]" */
};

struct words {
    const char *const *at;
    size_t n;
};

/* --- words to a request ------------------------------------------------------------------------------------------- */

static bool is_json(struct arena *arena, const char *value) {
    struct document document;
    bool may_be = strchr("{\"-0123456789", value[0]) || strcmp(value, "true") == 0 || strcmp(value, "false") == 0;
    return *value && may_be && document_read(&document, arena, str_of(value)) == 0;
}

static void put_member(struct arena *arena, struct buf *body, struct str name, const char *value) {
    json_separate(body);
    json_put_text(body, name, false);
    buf_put_lit(body, ":");
    if (is_json(arena, value))
        buf_put_str(body, str_of(value));
    else
        json_put_text(body, str_of(value), false);
}

/* Returns 0, or -1 and *why. */
static int put_word(struct arena *arena, struct buf *body, const struct call *call, const char *word,
                    const char **why) {
    const char *equals = strchr(word, '=');
    if (equals) {
        put_member(arena, body, str_make(word, (size_t)(equals - word)), equals + 1);
        return 0;
    }
    if (call->first) {
        json_member_text(body, call->first, str_of(word));
        return 0;
    }
    *why = arena_printf(arena, "'%s' is no member: write NAME=VALUE", word).p;
    return -1;
}

static int put_body(struct arena *arena, struct buf *body, const struct call *call, struct words words,
                    const char **why) {
    buf_put_lit(body, "{");
    for (size_t i = 0; i < words.n; i++)
        if (put_word(arena, body, call, words.at[i], why) != 0)
            return -1;
    buf_put_lit(body, "}");
    *why = "the command is too long";
    return body->full ? -1 : 0;
}

/* "a b/c" is "a%20b%2Fc": one part of a path. */
static struct str encoded(struct arena *arena, const char *text) {
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(arena, strlen(text) * 3), *at = out;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr("-._~", c);
        if (!plain) {
            *at++ = '%';
            *at++ = hex[c >> 4];
            c = (unsigned char)hex[c & 15];
        }
        *at++ = (char)c;
    }
    return str_make(out, (size_t)(at - out));
}

/* --- the call ----------------------------------------------------------------------------------------------------- */

/* The sentence of an error, else the answer as it is. */
static const char *sentence_of(struct target *target, const struct answer *answer) {
    struct document document;
    struct str error = STR_NONE;
    if (document_read(&document, &target->arena, answer->body) == 0)
        error = member_text(&document, document_root(&document), "error");
    if (error.p)
        return arena_printf(&target->arena, "%S", error).p;
    return arena_printf(&target->arena, "%s is no magneto: it answers with status %d", target->name, answer->status).p;
}

static int ask(struct target *target, struct str method, struct str path, struct str body, const char **why) {
    struct answer answer;
    if (target->endpoint->control(target->endpoint, method, path, body, &answer, why) != 0)
        return -1;
    *why = sentence_of(target, &answer);
    if (answer.status != 200)
        return -1;
    printf("%.*s\n", (int)answer.body.len, answer.body.p);
    return 0;
}

static int ask_to_delete(struct target *target, const struct call *call, struct words words, const char **why) {
    struct str path = str_of(call->path);
    *why = "name one thing to delete";
    if (words.n > 2)
        return -1;
    if (words.n == 2)
        path = arena_printf(&target->arena, "%S/%S", path, encoded(&target->arena, words.at[1]));
    return ask(target, STR("DELETE"), path, STR(""), why);
}

static int make_call(struct target *target, const struct call *call, struct words words, const char **why) {
    struct buf body;
    if (call->deletes && words.n && strcmp(words.at[0], "delete") == 0)
        return ask_to_delete(target, call, words, why);
    if (!words.n && !call->posts)
        return ask(target, STR("GET"), str_of(call->path), STR(""), why);
    buf_init(&body, BODY_BYTES_MAX);
    int rc = put_body(&target->arena, &body, call, words, why);
    if (rc == 0)
        rc = ask(target, STR("POST"), str_of(call->path), buf_str(&body), why);
    buf_free(&body);
    return rc;
}

static int run(const struct options *options, struct call call) {
    struct target target;
    const char *why;
    int rc = target_open(&target, options, &why);
    if (rc == 0)
        rc = make_call(&target, &call, (struct words){options->words, options->words_n}, &why);
    int status = rc == 0 ? 0 : command_fail(why);
    target_close(&target);
    return status;
}

int run_clock(const struct options *options) { return run(options, (struct call){"clock"}); }
int run_reset(const struct options *options) { return run(options, (struct call){"reset", .posts = true}); }
int run_snapshot(const struct options *options) { return run(options, (struct call){"snapshot", "name", true}); }
int run_restore(const struct options *options) { return run(options, (struct call){"restore", "name", true}); }
int run_snapshots(const struct options *options) { return run(options, (struct call){"snapshots", .deletes = true}); }
int run_namespaces(const struct options *options) { return run(options, (struct call){"namespaces"}); }
int run_shards(const struct options *options) { return run(options, (struct call){"shards", "table", true}); }
int run_faults(const struct options *options) { return run(options, (struct call){"faults", .deletes = true}); }
int run_triggers(const struct options *options) { return run(options, (struct call){"triggers"}); }
