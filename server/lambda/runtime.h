/* The runtime of `magneto lambda`: Python source as text that ends with NUL, made by embed.cmake from runtime.py. */
#ifndef MAGNETO_LAMBDA_RUNTIME_H
#define MAGNETO_LAMBDA_RUNTIME_H

#include <stddef.h>

extern const unsigned char lambda_runtime[];
extern const size_t lambda_runtime_len;

#endif
