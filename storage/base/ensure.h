/* ENSURE states what the code knows to be true; it is always on, and a false one is our bug: it ends the process with
   a line on stderr. Never use it on what a client sent. */
#ifndef MAGNETO_ENSURE_H
#define MAGNETO_ENSURE_H

#define ENSURE(condition) ((condition) ? (void)0 : ensure_failed(#condition, __FILE__, __LINE__))

#define MUST_USE        __attribute__((warn_unused_result))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

_Noreturn void ensure_failed(const char *condition, const char *file, int line);

#endif
