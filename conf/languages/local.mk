# conf/languages: see the README.md beside this file
languagesdir = $(pkgdatadir)/languages
dist_languages_DATA = \
	conf/languages/c.json \
	conf/languages/javascript.json \
	conf/languages/python.json
EXTRA_DIST += conf/languages/README.md
