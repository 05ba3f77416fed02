/* How a server that runs shows its port to the other processes of its container: as the name of the process,
   "magneto:8000" in ps and in /proc/PID/comm. That needs no writable file system and no rights, and a server that has
   changed its user is found too. */
#ifndef MAGNETO_PRESENCE_H
#define MAGNETO_PRESENCE_H

#include <stddef.h>
#include <stdint.h>

void presence_show(uint16_t port);

/* Ports of the servers that share this process's container, which for one that runs in none is the machine. Returns how
   many were written. */
size_t presence_find(uint16_t *ports, size_t most);

#endif
