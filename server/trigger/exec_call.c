/* Calls of a command: `/bin/sh -c COMMAND` in a process group of its own, the event on stdin, the answer on stdout,
   what it says on stderr beside our own log. Status 0 is an answer, any other a function error. */
#include "engine.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define ANSWER_BYTES_MAX ((size_t)6 << 20) /* as Lambda's */
enum {
    INPUT_BYTES = 64 * 1024,
    END_OF_OUTPUT_MS = 200 /* for output behind the command's end: a process that it left behind may hold stdout open */
};

/* A run outlives the call until the loop has closed its handles. */
struct run {
    struct exec_side *side; /* NULL: the call has ended, and it ends too */
    struct exec_side *owner;
    struct run *next, *previous; /* of the owner */
    uv_process_t process;
    uv_pipe_t in, out;
    uv_write_t write;
    uv_timer_t timer;
    unsigned open; /* handles */
    struct buf answer;
    bool spawned, exited, read_all, failed;
    char input[INPUT_BYTES];
};

struct exec_side {
    struct callee *callee;
    struct run *run;  /* of the call; NULL: none */
    struct run *runs; /* with those whose calls have ended */
};

/* --- its end ------------------------------------------------------------------------------------------------------ */

static void on_closed(uv_handle_t *handle) {
    struct run *run = handle->data;
    if (--run->open)
        return;
    *(run->previous ? &run->previous->next : &run->owner->runs) = run->next;
    if (run->next)
        run->next->previous = run->previous;
    buf_free(&run->answer);
    free(run);
}

static void close_handle(uv_handle_t *handle) {
    if (!uv_is_closing(handle))
        uv_close(handle, on_closed);
}

/* The process is left to the loop until it has ended: nobody else would wait for it. */
static void close_run(struct run *run) {
    run->side->run = NULL;
    run->side = NULL;
    close_handle((uv_handle_t *)&run->in);
    close_handle((uv_handle_t *)&run->out);
    close_handle((uv_handle_t *)&run->timer);
    if (run->spawned && run->exited)
        close_handle((uv_handle_t *)&run->process);
}

/* A command may say as much as it likes; what is too long for an answer is none. */
static void answer(struct run *run) {
    struct callee *callee = run->side->callee;
    struct response response = {
        .status = 200,
        .function_error = run->failed,
        .body = run->answer.full ? STR("") : buf_str(&run->answer),
    };
    close_run(run); /* the memory stays until the loop has closed it, which is not now */
    callee_answered(callee, &response);
}

static void on_timer(uv_timer_t *timer) {
    struct run *run = timer->data;
    if (run->side)
        answer(run);
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal) {
    struct run *run = process->data;
    run->exited = true;
    run->failed = status != 0 || signal != 0;
    if (!run->side)
        close_handle((uv_handle_t *)process);
    else if (run->read_all)
        answer(run);
    else
        uv_timer_start(&run->timer, on_timer, END_OF_OUTPUT_MS, 0);
}

/* --- pipes -------------------------------------------------------------------------------------------------------- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out) {
    struct run *run = handle->data;
    (void)suggested;
    *out = uv_buf_init(run->input, INPUT_BYTES);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf) {
    struct run *run = stream->data;
    if (n > 0)
        buf_put(&run->answer, buf->base, (size_t)n);
    if (n >= 0 || !run->side)
        return;
    uv_read_stop(stream);
    run->read_all = true;
    if (run->exited)
        answer(run);
}

/* A command need not read all of the event, or any of it. */
static void on_written(uv_write_t *write, int status) {
    struct run *run = write->data;
    (void)status;
    close_handle((uv_handle_t *)&run->in);
}

/* --- its begin ---------------------------------------------------------------------------------------------------- */

static struct run *new_run(struct exec_side *side) {
    uv_loop_t *loop = side->callee->triggers->loop;
    struct run *run = mem_zalloc(sizeof *run);
    run->side = run->owner = side;
    run->next = side->runs;
    if (run->next)
        run->next->previous = run;
    side->runs = run;
    run->open = 3; /* and the process, when it has been tried to spawn one */
    uv_pipe_init(loop, &run->in, 0);
    uv_pipe_init(loop, &run->out, 0);
    uv_timer_init(loop, &run->timer);
    run->process.data = run->in.data = run->out.data = run->timer.data = run->write.data = run;
    buf_init(&run->answer, ANSWER_BYTES_MAX);
    return run;
}

/* Pipes, not the socket pairs that libuv would make: a command may open /dev/stdin. One that fails has left no file. */
static int make_pipe(uv_pipe_t *ours, bool we_write, int *theirs) {
    uv_file ends[2];
    int rc = we_write ? uv_pipe(ends, 0, UV_NONBLOCK_PIPE) : uv_pipe(ends, UV_NONBLOCK_PIPE, 0);
    if (rc != 0)
        return rc;
    *theirs = ends[!we_write];
    rc = uv_pipe_open(ours, ends[we_write]);
    if (rc != 0) {
        close(ends[0]);
        close(ends[1]);
    }
    return rc;
}

/* The command gets these three files; of ours, the data among them, none. */
static int spawn(struct run *run, int in, int out) {
    char *arguments[] = {"/bin/sh", "-c", (char *)run->side->callee->mapping->command.p, NULL};
    uv_stdio_container_t stdio[] = {
        {.flags = UV_INHERIT_FD, .data.fd = in},
        {.flags = UV_INHERIT_FD, .data.fd = out},
        {.flags = UV_INHERIT_FD, .data.fd = 2},
    };
    uv_process_options_t options = {
        .file = arguments[0],
        .args = arguments,
        .exit_cb = on_exit_of,
        .flags = UV_PROCESS_DETACHED, /* leads a group, which ends with it */
        .stdio = stdio,
        .stdio_count = 3,
    };
    uv_disable_stdio_inheritance();
    return uv_spawn(run->side->callee->triggers->loop, &run->process, &options);
}

static int start(struct run *run) {
    int in, out, rc = make_pipe(&run->in, true, &in);
    if (rc != 0)
        return rc;
    rc = make_pipe(&run->out, false, &out);
    if (rc == 0) {
        rc = spawn(run, in, out); /* the handle has to be closed even if it fails */
        run->spawned = true;
        run->open++;
        close(out);
    }
    close(in);
    return rc;
}

static void call(void *data, const struct event *event) {
    struct exec_side *side = data;
    struct run *run = side->run = new_run(side);
    int rc = start(run);
    if (rc != 0) {
        run->exited = true; /* there is none */
        close_run(run);
        callee_unreachable(side->callee, uv_strerror(rc));
        return;
    }
    callee_connected(side->callee);
    uv_read_start((uv_stream_t *)&run->out, on_alloc, on_read);
    if (uv_write(&run->write, (uv_stream_t *)&run->in, event->pieces, 3, on_written) != 0)
        close_handle((uv_handle_t *)&run->in);
}

/* --- the transport ------------------------------------------------------------------------------------------------ */

static void *open_side(struct callee *callee) {
    struct exec_side *side = mem_zalloc(sizeof *side);
    side->callee = callee;
    return side;
}

static void abort_call(void *data) {
    struct exec_side *side = data;
    struct run *run = side->run;
    if (!run)
        return;
    if (!run->exited)
        (void)kill(-run->process.pid, SIGKILL);
    close_run(run);
}

/* No process is waited for any longer. */
static void close_side(void *data) {
    struct exec_side *side = data;
    for (struct run *run = side->runs; run; run = run->next)
        if (run->spawned)
            close_handle((uv_handle_t *)&run->process);
}

const struct transport exec_transport = {open_side, call, abort_call, close_side, free};
