// SPDX-License-Identifier: MIT
#include "core/model/config_path.h"

#include <stdbool.h>
#include <string.h>

const char *config_path_folder(struct arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');
    if (!slash)
        return ".";
    if (slash == file)
        return "/";
    return arena_printf(arena, "%.*s", (int)(slash - file), file);
}

/* Length of `path` without its last part and the slash before it; `root` octets are never given up. */
static size_t parent_length(const char *path, size_t length, size_t root)
{
    while (length > root && path[length - 1] != '/')
        length--;
    return length > root ? length - 1 : root;
}

static bool ends_in_parent(const char *path, size_t length, size_t root)
{
    size_t from = length;
    while (from > root && path[from - 1] != '/')
        from--;
    return length - from == 2 && path[from] == '.' && path[from + 1] == '.';
}

/* Adds one part to the normalised path in `out` and returns its new length. */
static size_t add_part(char *out, size_t length, size_t root, const char *part, size_t size)
{
    if (!size || (size == 1 && part[0] == '.'))
        return length;
    bool parent = size == 2 && part[0] == '.' && part[1] == '.';
    if (parent && length > root && !ends_in_parent(out, length, root))
        return parent_length(out, length, root);
    if (parent && root)
        return length; /* the root's parent is the root */
    if (length > root)
        out[length++] = '/';
    memcpy(out + length, part, size);
    return length + size;
}

const char *config_path_resolve(struct arena *arena, const char *folder, const char *path)
{
    const char *joined = *path == '/' ? path : arena_printf(arena, "%s/%s", folder, path);
    size_t root = *joined == '/', length = root;
    char *out = arena_alloc(arena, strlen(joined) + 2); /* room for "." in place of nothing */
    if (root)
        *out = '/';
    for (const char *part = joined; *part;) {
        size_t size = strcspn(part, "/");
        length = add_part(out, length, root, part, size);
        part += size;
        part += *part == '/';
    }
    if (!length)
        out[length++] = '.';
    out[length] = '\0';
    return out;
}
