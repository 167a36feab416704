/* expect: compile_error */
char big[1024 << 20] = {1};
int main(void) { return big[5]; }
