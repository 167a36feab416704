/* expect: ok */
/* stdout: refused\n */
#include <stdio.h>
#include <sys/ioctl.h>
int main(void)
{
    char c = 'x';
    for (int fd = 0; fd < 10; fd++)
        if (ioctl(fd, TIOCSTI, &c) == 0)
            puts("typed");
    puts("refused");
    return 0;
}
