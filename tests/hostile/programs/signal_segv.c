/* expect: signal 11 */
int main(void) { *(volatile int *)0 = 1; return 0; }
