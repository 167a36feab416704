/* expect: compile_error */
/* why: nothing on the host is there to be included */
#include "/etc/shadow"
int main(void) { return 0; }
