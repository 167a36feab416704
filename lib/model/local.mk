# lib/model: see the README.md beside this file
EXTRA_DIST += lib/model/README.md
lib_libcoderoom_a_SOURCES += \
	lib/model/clear.c lib/model/model.h \
	lib/model/file_name.c \
	lib/model/names.c \
	lib/model/path.c lib/model/path.h \
	lib/model/tree.c lib/model/tree.h \
	lib/model/tree_change.c
