/* expect: wall_time */
/* options: --open */
/* stdout: name?  */
/* why: a prompt must show before the program waits */
#include <stdio.h>
int main(void)
{
    char name[64];
    printf("name? ");
    return scanf("%63s", name);
}
