// SPDX-License-Identifier: MIT
/* descriptors - how many files and sockets this process may have open. */
#pragma once

/* Takes as many as the system grants without asking: every client and every probe under way has a socket,
 * and the usual soft limit of 1024 exists for select(2), which nothing here calls. Once, at the start. */
void descriptors_raise_limit(void);
