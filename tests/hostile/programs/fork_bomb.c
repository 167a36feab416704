/* expect: cpu_time */
#include <unistd.h>
int main(void)
{
    for (;;)
        fork();
}
