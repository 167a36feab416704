# lib/ydoc: see the README.md beside this file.  A library of its own: libc is all it needs.
LIBYDOC = lib/ydoc/libydoc.a

noinst_LIBRARIES += lib/ydoc/libydoc.a
lib_ydoc_libydoc_a_SOURCES = \
	lib/ydoc/any.c lib/ydoc/any.h \
	lib/ydoc/any_json.c lib/ydoc/any_json.h lib/ydoc/json_number.c \
	lib/ydoc/apply.c lib/ydoc/attrs.c lib/ydoc/attrs.h \
	lib/ydoc/awareness.c lib/ydoc/awareness.h \
	lib/ydoc/buf.c \
	lib/ydoc/cleanup.c \
	lib/ydoc/content.c \
	lib/ydoc/deletes.c \
	lib/ydoc/depth.c \
	lib/ydoc/doc.c \
	lib/ydoc/edit.c lib/ydoc/edit.h lib/ydoc/edit_internal.h \
	lib/ydoc/edit_list.c lib/ydoc/edit_text.c \
	lib/ydoc/encode.c lib/ydoc/encode_structs.c \
	lib/ydoc/events.c lib/ydoc/events.h \
	lib/ydoc/integrate.c \
	lib/ydoc/internal.h \
	lib/ydoc/item.c \
	lib/ydoc/json.c lib/ydoc/json_any.c lib/ydoc/json_out.c lib/ydoc/json_out.h \
	lib/ydoc/mem.c lib/ydoc/order.c lib/ydoc/order.h \
	lib/ydoc/merge.c lib/ydoc/merge_parts.c lib/ydoc/merge_parts.h \
	lib/ydoc/pending.c \
	lib/ydoc/sort.c lib/ydoc/sort.h lib/ydoc/state_vector.c \
	lib/ydoc/read.c lib/ydoc/read.h lib/ydoc/read_internal.h \
	lib/ydoc/read_text.c lib/ydoc/read_xml.c \
	lib/ydoc/relpos.c lib/ydoc/relpos.h \
	lib/ydoc/snapshot.c lib/ydoc/snapshot.h \
	lib/ydoc/structs.c \
	lib/ydoc/text.c \
	lib/ydoc/touch.c lib/ydoc/touch.h lib/ydoc/trace.c lib/ydoc/trace.h \
	lib/ydoc/types.c \
	lib/ydoc/update.c lib/ydoc/update.h \
	lib/ydoc/update_diff.c \
	lib/ydoc/update_walk.c lib/ydoc/update_walk.h \
	lib/ydoc/updates.h \
	lib/ydoc/utf8.c \
	lib/ydoc/v2_columns.c lib/ydoc/v2_columns.h lib/ydoc/v2_read.c lib/ydoc/v2_write.c \
	lib/ydoc/wire.c lib/ydoc/wire.h \
	lib/ydoc/ydoc.h \
	lib/ydoc/yprotocol.c lib/ydoc/yprotocol.h
EXTRA_DIST += lib/ydoc/README.md
