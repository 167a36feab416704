/* expect: ok */
/* stdout: 49 12 -v ä b\n */
/* options: --arg -v --arg 'ä b' */
#include "lib/square.h"
#include <stdio.h>
int main(int argc, char **argv)
{
    int n = 0;
    FILE *f = fopen("data/n.txt", "r");
    if (!f || fscanf(f, "%d", &n) != 1 || argc != 3)
        return 1;
    printf("%d %d %s %s\n", square(7), n, argv[1], argv[2]);
    return 0;
}
