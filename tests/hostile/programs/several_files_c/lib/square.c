#include "square.h"
int square(int n) { return n * n; }
