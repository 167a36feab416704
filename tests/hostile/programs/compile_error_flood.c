/* expect: compile_error */
/* why: what the compiler says is cut */
#define E(n) int f##n(void) { return undeclared_##n; }
#define TEN(n) E(n##0) E(n##1) E(n##2) E(n##3) E(n##4) E(n##5) E(n##6) E(n##7) E(n##8) E(n##9)
#define HUNDRED(n) \
    TEN(n##0) TEN(n##1) TEN(n##2) TEN(n##3) TEN(n##4) TEN(n##5) TEN(n##6) TEN(n##7) TEN(n##8) TEN(n##9)
HUNDRED(1) HUNDRED(2) HUNDRED(3) HUNDRED(4) HUNDRED(5)
HUNDRED(6) HUNDRED(7) HUNDRED(8) HUNDRED(9) HUNDRED(10)
HUNDRED(11) HUNDRED(12) HUNDRED(13) HUNDRED(14) HUNDRED(15)
int main(void) { return 0; }
