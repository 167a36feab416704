# lib/ydoc: see the README.md beside this file.  A library of its own: libc is all it needs.
LIBYDOC = lib/ydoc/libydoc.a

lib_LIBRARIES += lib/ydoc/libydoc.a
# One set of objects for the archive and the shared library: what no public header declares is
# hidden, so calls within the library cost nothing.
lib_ydoc_libydoc_a_CFLAGS = $(AM_CFLAGS) -fPIC -fvisibility=hidden -fno-semantic-interposition
lib_ydoc_libydoc_a_SOURCES = \
	lib/ydoc/any.c lib/ydoc/any.h \
	lib/ydoc/any_json.c lib/ydoc/any_json.h lib/ydoc/json_number.c \
	lib/ydoc/apply.c lib/ydoc/attrs.c lib/ydoc/attrs.h \
	lib/ydoc/awareness.c lib/ydoc/awareness.h \
	lib/ydoc/buf.c \
	lib/ydoc/cleanup.c \
	lib/ydoc/content.c lib/ydoc/contest.c lib/ydoc/contest.h \
	lib/ydoc/contest_scan.c lib/ydoc/contest_sum.c \
	lib/ydoc/deletes.c \
	lib/ydoc/depth.c \
	lib/ydoc/doc.c \
	lib/ydoc/edit.c lib/ydoc/edit.h lib/ydoc/edit_internal.h \
	lib/ydoc/edit_bytes.c lib/ydoc/edit_list.c lib/ydoc/edit_text.c \
	lib/ydoc/encode.c lib/ydoc/encode_structs.c \
	lib/ydoc/events.c lib/ydoc/events.h lib/ydoc/events_internal.h \
	lib/ydoc/events_list.c \
	lib/ydoc/integrate.c \
	lib/ydoc/internal.h \
	lib/ydoc/item.c \
	lib/ydoc/json.c lib/ydoc/json_any.c lib/ydoc/json_out.c lib/ydoc/json_out.h \
	lib/ydoc/mem.c lib/ydoc/order.c lib/ydoc/order.h \
	lib/ydoc/order_find.c lib/ydoc/order_index.h \
	lib/ydoc/merge.c lib/ydoc/merge_parts.c lib/ydoc/merge_parts.h \
	lib/ydoc/copy.c \
	lib/ydoc/limits.c \
	lib/ydoc/news.c \
	lib/ydoc/pass.c lib/ydoc/pass.h \
	lib/ydoc/pending.c \
	lib/ydoc/retry.c \
	lib/ydoc/sort.c lib/ydoc/sort.h lib/ydoc/state_vector.c \
	lib/ydoc/read.c lib/ydoc/read.h lib/ydoc/read_internal.h \
	lib/ydoc/read_text.c lib/ydoc/read_xml.c \
	lib/ydoc/relpos.c lib/ydoc/relpos.h \
	lib/ydoc/snapshot.c lib/ydoc/snapshot.h \
	lib/ydoc/structs.c \
	lib/ydoc/text.c \
	lib/ydoc/touch.c lib/ydoc/touch.h lib/ydoc/touch_roots.c lib/ydoc/trace.c lib/ydoc/trace.h \
	lib/ydoc/types.c \
	lib/ydoc/update.c lib/ydoc/update.h \
	lib/ydoc/update_diff.c lib/ydoc/update_known.c \
	lib/ydoc/update_walk.c lib/ydoc/update_walk.h \
	lib/ydoc/updates.h \
	lib/ydoc/utf8.c \
	lib/ydoc/v2_columns.c lib/ydoc/v2_columns.h lib/ydoc/v2_read.c lib/ydoc/v2_write.c \
	lib/ydoc/wire.c lib/ydoc/wire.h \
	lib/ydoc/ydoc.h \
	lib/ydoc/yprotocol.c lib/ydoc/yprotocol.h
EXTRA_DIST += lib/ydoc/README.md

ydocincludedir = $(includedir)/ydoc
ydocinclude_HEADERS = \
	lib/ydoc/any.h lib/ydoc/awareness.h lib/ydoc/edit.h lib/ydoc/events.h lib/ydoc/read.h \
	lib/ydoc/relpos.h lib/ydoc/snapshot.h lib/ydoc/touch.h lib/ydoc/updates.h lib/ydoc/ydoc.h \
	lib/ydoc/yprotocol.h
pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = lib/ydoc/ydoc.pc
dist_doc_DATA = docs/LIBYDOC.md
EXTRA_DIST += lib/ydoc/check-installed

# The number behind .so. changes when programs have to be built again.
LIBYDOC_SO = libydoc.so.0
lib/ydoc/$(LIBYDOC_SO): lib/ydoc/libydoc.a
	$(AM_V_CCLD)$(CC) -shared $(CFLAGS) $(SAN_CFLAGS) $(LDFLAGS) -Wl,-soname,$(LIBYDOC_SO) \
		-Wl,-Bsymbolic-functions -Wl,-z,relro,-z,now \
		-Wl,--whole-archive lib/ydoc/libydoc.a -Wl,--no-whole-archive -o $@
all-local: lib/ydoc/$(LIBYDOC_SO)
CLEANFILES += lib/ydoc/$(LIBYDOC_SO)
install-exec-local: lib/ydoc/$(LIBYDOC_SO)
	$(MKDIR_P) $(DESTDIR)$(libdir)
	$(INSTALL) -m 755 lib/ydoc/$(LIBYDOC_SO) $(DESTDIR)$(libdir)/$(LIBYDOC_SO)
	ln -sf $(LIBYDOC_SO) $(DESTDIR)$(libdir)/libydoc.so
uninstall-local:
	rm -f $(DESTDIR)$(libdir)/$(LIBYDOC_SO) $(DESTDIR)$(libdir)/libydoc.so
installcheck-local:
	CC="$(CC)" CFLAGS="$(SAN_CFLAGS)" DESTDIR="$(DESTDIR)" libdir="$(libdir)" \
		includedir="$(includedir)" $(srcdir)/lib/ydoc/check-installed $(srcdir)/docs/LIBYDOC.md
