/* expect: ok */
/* stdout: hello\n */
#include <stdio.h>
int main(void) { puts("hello"); return 0; }
