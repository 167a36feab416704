# lib: see the README.md beside this file
AM_CFLAGS += $(ZSTD_CFLAGS) $(CJSON_CFLAGS) $(SODIUM_CFLAGS) $(JWT_CFLAGS) $(CRYPTO_CFLAGS) $(MICROHTTPD_CFLAGS) $(UTF8PROC_CFLAGS)
# What a program that uses lib/libcoderoom.a links with, in this order.
LIBCODEROOM = lib/libcoderoom.a $(CJSON_LIBS) $(JWT_LIBS) $(SODIUM_LIBS) $(CRYPTO_LIBS) $(MICROHTTPD_LIBS) $(UTF8PROC_LIBS) $(ZSTD_LIBS) -lpthread -lm

noinst_LIBRARIES += lib/libcoderoom.a
lib_libcoderoom_a_SOURCES = \
	lib/base/buf.c lib/base/buf.h \
	lib/base/clock.c lib/base/clock.h \
	lib/base/error.c lib/base/error.h lib/base/error_codes.def \
	lib/base/id.c lib/base/id.h \
	lib/base/limits.h \
	lib/base/mem.c lib/base/mem.h \
	lib/base/quote.c lib/base/quote.h \
	lib/base/utf.c lib/base/utf.h \
	lib/log/log.c lib/log/log.h \
	lib/config/config.c lib/config/config.h lib/config/options.def \
	lib/config/main_args.c lib/config/print.c lib/config/source.c \
	lib/config/table.c lib/config/table.h lib/config/value.c \
	lib/crypt/crypt.c lib/crypt/crypt.h \
	lib/crypt/password.c lib/crypt/password.h \
	lib/crypt/pem.c lib/crypt/pem.h \
	lib/crypt/token.h lib/crypt/token_sign.c lib/crypt/token_verify.c \
	lib/json/doc.h \
	lib/json/fields.c lib/json/fields.h \
	lib/json/json.c lib/json/json.h \
	lib/json/scan.c lib/json/scan.h \
	lib/json/write.c lib/json/write.h \
	lib/monitor/listen.c lib/monitor/listen.h \
	lib/monitor/metric.c lib/monitor/metric.h \
	lib/monitor/monitor.c lib/monitor/monitor.h \
	lib/thread/cond.c lib/thread/cond.h \
	lib/pack/pack.c lib/pack/pack.h \
	lib/thread/pool.c lib/thread/pool.h
EXTRA_DIST += lib/README.md lib/base/README.md lib/config/README.md lib/crypt/README.md \
	lib/json/README.md lib/log/README.md lib/monitor/README.md lib/pack/README.md lib/thread/README.md

lib_libcoderoom_a_SOURCES += \
	lib/proto/doc_batch.c lib/proto/doc_batch.h \
	lib/proto/doc_batch_internal.h \
	lib/proto/doc_batch_write.c \
	lib/proto/frames.c \
	lib/proto/messages.c lib/proto/messages.h lib/proto/messages.def lib/proto/service.def \
	lib/proto/run_json.c lib/proto/run_json.h \
	lib/proto/secret.c lib/proto/secret.h
EXTRA_DIST += lib/proto/README.md
