# fcgi: see the README.md beside this file
