/* A program of its own: not compiled with the one that is run. */
int main(void) { return 9; }
