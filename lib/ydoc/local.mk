# lib/ydoc: see the README.md beside this file
