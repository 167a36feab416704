/* expect: ok */
/* stdout: refused\n */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
int main(void)
{
    for (int family = 0; family < 50; family++) {
        if (family == AF_UNIX || family == AF_INET || family == AF_INET6)
            continue;
        for (int type = 1; type <= 5; type++) {
            if (socket(family, type, 0) >= 0 || errno != EPERM)
                printf("family %d type %d: %d\n", family, type, errno);
        }
    }
    if (socket(AF_INET, SOCK_RAW, 1) >= 0)
        puts("raw socket");
    puts("refused");
    return 0;
}
