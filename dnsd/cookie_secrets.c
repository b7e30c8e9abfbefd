// SPDX-License-Identifier: MIT
#include "dnsd/cookie_secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 4096 };

#define HEX_DIGITS "0123456789abcdefABCDEF"

static int value_of(char digit)
{
    return digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

static bool read_secret(const char *line, size_t length, uint8_t key[SIPHASH_KEY_SIZE])
{
    if (length != 2 * SIPHASH_KEY_SIZE || strspn(line, HEX_DIGITS) < length)
        return false;
    for (size_t i = 0; i < SIPHASH_KEY_SIZE; i++)
        key[i] = (uint8_t)(value_of(line[2 * i]) << 4 | value_of(line[2 * i + 1]));
    return true;
}

/* What a finding must not do is show the secret: the log has more readers than the file. */
static void read_line(const char *line, size_t length, struct err_place place, struct cookie_secrets *secrets,
                      struct err *err)
{
    if (length == 0 || *line == '#')
        return;
    if (secrets->count == COOKIE_SECRETS_MAX)
        err_add(err, ERR_ERROR, place, "more than %d cookie secrets: remove the oldest", COOKIE_SECRETS_MAX);
    else if (!read_secret(line, length, secrets->keys[secrets->count]))
        err_add(err, ERR_ERROR, place,
                "a cookie secret has 32 hexadecimal digits on a line of its own: `openssl rand -hex 16` "
                "makes one");
    else
        secrets->count++;
}

static void read_text(const char *text, const char *path, struct cookie_secrets *secrets, struct err *err)
{
    struct err_place place = {path, 1, 1};
    for (;; place.line++) {
        size_t length = strcspn(text, "\n");
        read_line(text, length > 0 && text[length - 1] == '\r' ? length - 1 : length, place, secrets, err);
        if (text[length] == '\0')
            break;
        text += length + 1;
    }
    if (secrets->count == 0)
        err_add(err, ERR_ERROR, (struct err_place){path, 0, 0},
                "no cookie secret in this file: `openssl rand -hex 16` makes one");
}

static void warn_of_readers(int fd, const char *path, struct err *err)
{
    struct stat status;
    if (fstat(fd, &status) == 0 && (status.st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)))
        err_add(err, ERR_WARNING, (struct err_place){path, 0, 0},
                "others than its owner may read the cookie secrets (mode %03o): `chmod 600` it",
                (unsigned)(status.st_mode & 0777));
}

static void read_file(const char *path, struct cookie_secrets *secrets, struct err *err)
{
    struct err_place place = {path, 0, 0};
    char text[FILE_MAX + 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text);
    if (size < 0) {
        err_add(err, ERR_ERROR, place, "cannot read the cookie secrets: %s", strerror(errno));
    } else if (size > FILE_MAX || memchr(text, '\0', (size_t)size) != NULL) {
        err_add(err, ERR_ERROR, place, "larger than %d octets or no text: is this a file of cookie secrets?",
                FILE_MAX);
    } else {
        text[size] = '\0';
        warn_of_readers(fd, path, err);
        read_text(text, path, secrets, err);
    }
    if (fd >= 0)
        close(fd);
}

bool cookie_secrets_load(const struct config_cookies *config, struct cookie_secrets *out, struct err *err)
{
    struct cookie_secrets secrets = {0};
    size_t errors_before = err->errors;
    if (config->enabled && config->secret_file != NULL) {
        read_file(config->secret_file, &secrets, err);
    } else if (config->enabled) {
        secrets.random = true;
        secrets.count = 1;
        if (getrandom(secrets.keys[0], SIPHASH_KEY_SIZE, 0) != SIPHASH_KEY_SIZE)
            err_add(err, ERR_ERROR, (struct err_place){0}, "no randomness for cookies: %s", strerror(errno));
    }
    if (err->errors != errors_before)
        return false;
    *out = secrets;
    return true;
}
