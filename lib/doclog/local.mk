# lib/doclog: see the README.md beside this file.  Programs that use it link with $(LIBYDOC), too.
lib_libcoderoom_a_SOURCES += \
	lib/doclog/compact.c \
	lib/doclog/doclog.h \
	lib/doclog/internal.h \
	lib/doclog/lines.c lib/doclog/lines.h \
	lib/doclog/moment.c \
	lib/doclog/read.c \
	lib/doclog/read_many.c \
	lib/doclog/rewrite.c \
	lib/doclog/versions.c
EXTRA_DIST += lib/doclog/README.md
