/* A look inside a document: everything that has to hold between its parts. */
#ifndef YD_TEST_CHECK_H
#define YD_TEST_CHECK_H

#include "ydoc/ydoc.h"

/* NULL, or what is wrong. */
const char *yd_check_inside(const struct yd_doc *doc);

#endif
