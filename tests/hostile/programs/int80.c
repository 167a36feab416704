/* expect: signal 31 | signal 11 */
/* why: the 32-bit interface is not filtered by number, so it is closed */
int main(void)
{
    int result = 20; /* getpid by its 32-bit number */
    __asm__ volatile("int $0x80" : "+a"(result));
    return result > 0 ? 0 : 1;
}
