# fcgi: see the README.md beside this file
# Everything but main.c and libfcgi is a library, so that unit tests can link it.
noinst_LIBRARIES += fcgi/libapi.a
fcgi_libapi_a_SOURCES = \
	fcgi/access.c fcgi/access.h \
	fcgi/app.c fcgi/app.h \
	fcgi/common_passwords.def \
	fcgi/credentials.c fcgi/credentials.h \
	fcgi/dispatch.c fcgi/dispatch.h \
	fcgi/doorbell.c fcgi/doorbell.h \
	fcgi/keeper.c fcgi/keeper.h \
	fcgi/observe.c fcgi/observe.h \
	fcgi/rate.c fcgi/rate.h \
	fcgi/routes.c fcgi/routes.h \
	fcgi/handlers/auth.c \
	fcgi/handlers/base64.c fcgi/handlers/base64.h \
	fcgi/handlers/common.c fcgi/handlers/common.h \
	fcgi/handlers/files.c \
	fcgi/handlers/handlers.h \
	fcgi/handlers/history.c \
	fcgi/handlers/invitations.c \
	fcgi/handlers/languages.c \
	fcgi/handlers/members.c \
	fcgi/handlers/rooms.c \
	fcgi/handlers/runs.c \
	fcgi/handlers/tokens.c \
	fcgi/http/cookie.c fcgi/http/cookie.h \
	fcgi/http/gateway.h \
	fcgi/http/listen.c \
	fcgi/http/origin.c fcgi/http/origin.h \
	fcgi/http/problem.c fcgi/http/problem.h \
	fcgi/http/query.c fcgi/http/query.h \
	fcgi/http/request.c fcgi/http/request.h \
	fcgi/http/response.c fcgi/http/response.h \
	fcgi/http/router.c fcgi/http/router.h \
	fcgi/http/server.c fcgi/http/server.h
LIBAPI = fcgi/libapi.a $(LIBCODEROOM) $(LIBYDOC)

sbin_PROGRAMS += fcgi/coderoom-api
fcgi_coderoom_api_SOURCES = fcgi/main.c
fcgi_coderoom_api_LDADD = $(LIBAPI) $(FCGI_LIBS)
EXTRA_DIST += fcgi/README.md docs/openapi.yaml
