/* expect: compile_error */
/* compile: error */
/* exit_code: 1 */
int main(void) { return undeclared; }
