/* The server is a process of its own rather than process 1 itself, because who waits for any child that ends would take
   the ends of the server's own children away from it. */
#include "init.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

/* Told to stop before it could listen to signals, the server has stopped as it should. */
static int exit_status(int status, bool told_to_stop) {
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    return told_to_stop && (WTERMSIG(status) == SIGTERM || WTERMSIG(status) == SIGINT) ? 0 : 128 + WTERMSIG(status);
}

static void reap(pid_t server, bool told_to_stop) {
    int status;
    for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;)
        if (ended == server)
            _exit(exit_status(status, told_to_stop));
}

static _Noreturn void watch(pid_t server, const sigset_t *signals) {
    bool told_to_stop = false;
    for (;;) {
        int number = sigwaitinfo(signals, NULL);
        if (number == SIGCHLD) {
            reap(server, told_to_stop);
        } else if (number > 0) {
            told_to_stop |= number == SIGTERM || number == SIGINT;
            kill(server, number);
        }
    }
}

void init_if_first(void) {
    sigset_t all, before;
    if (getpid() != 1)
        return;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t server = fork();
    if (server > 0)
        watch(server, &all);
    sigprocmask(SIG_SETMASK, &before, NULL);
}
