# lib/store: see the README.md beside this file
EXTRA_DIST += lib/store/README.md docs/STORE.md
AM_CFLAGS += $(MONGOC_CFLAGS)
LIBCODEROOM += $(MONGOC_LIBS)
lib_libcoderoom_a_SOURCES += \
	lib/store/doc_state.c \
	lib/store/store.h \
	lib/store/mongo/chat.c \
	lib/store/mongo/db.c lib/store/mongo/db.h \
	lib/store/mongo/doc.c \
	lib/store/mongo/doc.h \
	lib/store/mongo/doc_chunks.c \
	lib/store/mongo/doc_keys.c \
	lib/store/mongo/doc_many.c \
	lib/store/mongo/doc_states.c \
	lib/store/mongo/doc_updates.c \
	lib/store/mongo/grant.c \
	lib/store/mongo/index.c \
	lib/store/mongo/job.c lib/store/mongo/job.h \
	lib/store/mongo/job_doc.c \
	lib/store/mongo/job_input.c \
	lib/store/mongo/job_lease.c \
	lib/store/mongo/member.c lib/store/mongo/member.h \
	lib/store/mongo/member_list.c \
	lib/store/mongo/output.c \
	lib/store/mongo/page.c lib/store/mongo/page.h \
	lib/store/mongo/pool.c \
	lib/store/mongo/process.c \
	lib/store/mongo/read.c \
	lib/store/mongo/room.c lib/store/mongo/room.h \
	lib/store/mongo/room_delete.c \
	lib/store/mongo/room_list.c \
	lib/store/mongo/run.c \
	lib/store/mongo/session.c \
	lib/store/mongo/testing.c lib/store/mongo/testing.h \
	lib/store/mongo/tree.c \
	lib/store/mongo/try.h \
	lib/store/mongo/user.c \
	lib/store/mongo/write.c
