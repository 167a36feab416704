/* Unpacking the room's files. No path leaves the work folder and no link is followed: parts are
 * opened one by one, below each other, and a file must be new. */
#include "runner/agent/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int file_fd = -1;

static int open_folder(int parent, const char *name)
{
    if (mkdirat(parent, name, 0755) < 0 && errno != EEXIST)
        give_up("cannot make a folder", errno);
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        give_up("cannot open a folder", errno);
    close(parent);
    return fd;
}

void file_open(const uint8_t *path, size_t len)
{
    static char text[CR_CELL_PATH_MAX + 1];
    if (!cr_cell_path_ok(path, len))
        give_up("path leads out of the work folder", 0);
    memcpy(text, path, len);
    text[len] = '\0';
    file_done();

    int dir = open(CR_CELL_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        give_up("no work folder", errno);
    char *name = text;
    for (char *slash = strchr(name, '/'); slash; slash = strchr(name, '/')) {
        *slash = '\0';
        dir = open_folder(dir, name);
        name = slash + 1;
    }
    file_fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file_fd < 0)
        give_up("cannot make a file", errno);
    close(dir);
}

void file_append(const uint8_t *data, size_t len)
{
    if (file_fd < 0)
        give_up("DATA without FILE", 0);
    while (len > 0) {
        ssize_t n = write(file_fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            give_up("cannot write a file", errno);
        data += n;
        len -= (size_t)n;
    }
}

void file_done(void)
{
    if (file_fd >= 0)
        close(file_fd);
    file_fd = -1;
}
