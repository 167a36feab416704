# lib/ydoc: see the README.md beside this file
EXTRA_DIST += lib/ydoc/README.md lib/ydoc/ydoc.h lib/ydoc/yprotocol.h lib/ydoc/awareness.h
