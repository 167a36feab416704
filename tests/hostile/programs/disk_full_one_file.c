/* expect: signal 25 | exit 1 */
/* why: the size of one file is limited as well */
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
int main(void)
{
    int fd = open("/dev/shm/x", O_CREAT | O_WRONLY, 0600);
    return ftruncate(fd, 1LL << 40) < 0;
}
