/* The page at /shell/: one HTML text with its style and script inside, made by embed.cmake. */
#ifndef MAGNETO_CONSOLE_H
#define MAGNETO_CONSOLE_H

#include <stddef.h>

extern const unsigned char console_page[];
extern const size_t console_page_len;

#endif
