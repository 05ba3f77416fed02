/* What is said of calls: the log, the figures of a trigger, the file of what failed for good. */
#include "engine.h"

#include "failure_record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO };
enum { SCRATCH_BYTES = 4096 };
#define LINE_BYTES_MAX ((size_t)1 << 30)

static const struct part *current(const struct delivery *delivery) { return &delivery->parts[delivery->parts_n - 1]; }

/* --- calls -------------------------------------------------------------------------------------------------------- */

static void count(struct delivery *delivery, enum report_result result) {
    struct trigger *trigger = delivery->trigger;
    magneto_consumer_figures *figures = &trigger->figures;
    bool failed = result != REPORT_OK;
    figures->invocations++;
    figures->failures += failed;
    figures->last_result = failed ? "PROBLEM: Function call failed" : "OK";
    magneto_consumer_show(trigger->consumer, figures);
}

void report_done(struct delivery *delivery, size_t records) {
    struct trigger *trigger = delivery->trigger;
    trigger->figures.records += records;
    magneto_consumer_show(trigger->consumer, &trigger->figures);
}

/* Of a target that is not there the log warns once, not at each attempt. */
static int level_of(const struct delivery *delivery, enum report_result result) {
    if (result == REPORT_UNREACHABLE && delivery->pause_ms)
        return LEVEL_INFO;
    return result == REPORT_OK || result == REPORT_PARTIAL ? LEVEL_INFO : LEVEL_WARNING;
}

void report_call(struct delivery *delivery, enum report_result result, const char *why) {
    static const char *const results[] = {"ok", "partial", "error", "unreachable"};
    const struct triggers *triggers = delivery->trigger->triggers;
    const struct part *part = current(delivery);
    unsigned long long ms = (uv_hrtime() - delivery->called_ns) / 1000000;
    char line[1024];
    count(delivery, result);
    snprintf(line, sizeof line, "trigger %s %.500s: records=%zu result=%s ms=%llu try=%d%s%s%s", delivery->names.table,
             delivery->trigger->mapping->target.p, part->end - part->begin, results[result], ms, part->calls,
             why ? " (" : "", why ? why : "", why ? ")" : "");
    for (char *at = line; *at; at++)
        *at = (unsigned char)*at < ' ' ? ' ' : *at; /* of commands of several lines */
    triggers->log(triggers->log_data, level_of(delivery, result), line);
}

/* --- batches that failed for good --------------------------------------------------------------------------------- */

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A UUID of version 4. */
static struct str request_id(struct arena *arena) {
    uint8_t b[16] = {0};
    char text[40];
    (void)!getrandom(b, sizeof b, 0);
    b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
    int len = snprintf(text, sizeof text, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
                       b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    return arena_copy(arena, str_make(text, (size_t)len));
}

static struct failure failure_of(const struct delivery *delivery, const struct response *response, bool function_error,
                                 struct arena *arena) {
    const struct part *part = current(delivery);
    const struct batch_record *first = &delivery->batch.records[part->begin];
    const struct batch_record *last = &delivery->batch.records[part->end - 1];
    return (struct failure){
        .request_id = request_id(arena),
        .function = delivery->trigger->mapping->function,
        .invocations = part->calls,
        .status = response ? response->status : 0,
        .function_error = function_error,
        .answer = response ? response->body : STR(""),
        .event = arena_printf(arena, BATCH_EVENT_BEGIN "%S" BATCH_EVENT_END,
                              batch_range(&delivery->batch, part->begin, part->end)),
        .now_ms = now_ms(),
        .stream_arn = str_of(delivery->names.stream_arn),
        .shard_id = str_of(delivery->names.shard),
        .first_sequence_number = str_of(first->sequence),
        .last_sequence_number = str_of(last->sequence),
        .first_arrival_ms = first->created_ms,
        .last_arrival_ms = last->created_ms,
        .records = part->end - part->begin,
    };
}

/* Returns 0 or -1 with errno. */
static int append(const char *path, struct str line) {
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return -1;
    ssize_t n = 0;
    while (line.len && (n = write(fd, line.p, line.len)) > 0)
        line = str_skip(line, (size_t)n);
    int error = errno, closed = close(fd);
    errno = line.len ? error : errno;
    return line.len || closed ? -1 : 0;
}

void report_failure(struct delivery *delivery, const struct response *response, bool function_error) {
    const struct triggers *triggers = delivery->trigger->triggers;
    struct str file = delivery->trigger->mapping->on_failure;
    struct arena arena;
    struct buf line;
    char text[1024];
    if (!file.p)
        return;
    arena_init(&arena, SCRATCH_BYTES);
    buf_init(&line, LINE_BYTES_MAX);
    struct failure failure = failure_of(delivery, response, function_error, &arena);
    failure_record_put(&line, &failure, &arena);
    if (append(file.p, buf_str(&line)) != 0) {
        snprintf(text, sizeof text, "trigger %s: %zu records that failed for good are lost, %.500s: %s",
                 delivery->names.table, failure.records, file.p, strerror(errno));
        triggers->log(triggers->log_data, LEVEL_ERROR, text);
    }
    buf_free(&line);
    arena_free(&arena);
}
