# conf: what is installed beside the programs, and what only the scripts use.
dist_pkgdata_DATA = conf/coderoom.conf.sample
EXTRA_DIST += conf/images conf/nginx conf/systemd scripts

# Who may include whom is checked with the tests; find, since these files are in every folder.
check-local:
	$(srcdir)/scripts/check-layers
dist-hook:
	cd $(srcdir) && find lib fcgi ws runner -name .may_include | while read -r f; do \
	    mkdir -p "$(abs_top_builddir)/$(distdir)/$$(dirname $$f)" && cp $$f "$(abs_top_builddir)/$(distdir)/$$f"; done
