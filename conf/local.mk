# conf: what is installed beside the programs, and what only the scripts use.
EXTRA_DIST += conf/images scripts
EXTRA_DIST += conf/coderoom.conf.sample
