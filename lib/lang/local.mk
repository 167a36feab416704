# lib/lang: see the README.md beside this file
lib_libcoderoom_a_SOURCES += \
	lib/lang/expand.c \
	lib/lang/extension.h \
	lib/lang/lang.h \
	lib/lang/parse.c \
	lib/lang/set.c
EXTRA_DIST += lib/lang/README.md
