/* What every unit test includes first: cmocka wants these before its own header. */
#ifndef CR_TESTS_UNIT_H
#define CR_TESTS_UNIT_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
/* clang-format on */

#define CR_COUNT(a) (sizeof(a) / sizeof((a)[0]))

#endif
