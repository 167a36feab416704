/* expect: cpu_time */
/* why: the time of all threads counts */
#include <pthread.h>
#include <stddef.h>
static void *spin(void *p)
{
    for (volatile unsigned long i = 0;; i++)
        ;
    return p;
}
int main(void)
{
    pthread_t t;
    for (int i = 0; i < 8; i++)
        pthread_create(&t, NULL, spin, NULL);
    spin(NULL);
}
