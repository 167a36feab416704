/* Which language a file name belongs to. Private to lib/lang. */
#ifndef CR_LANG_EXTENSION_H
#define CR_LANG_EXTENSION_H

#include "lang/lang.h"

#include <stdbool.h>

bool cr_lang_has_extension(const struct cr_lang *l, const char *path);

#endif
