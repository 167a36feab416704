/* expect: output */
#include <stdio.h>
int main(void)
{
    for (;;)
        fputs("error\n", stderr);
}
