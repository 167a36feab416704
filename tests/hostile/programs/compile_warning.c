/* expect: ok */
/* compile: unused variable */
int main(void) { int unused_one; return 0; }
