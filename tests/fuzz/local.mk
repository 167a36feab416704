# tests/fuzz: see the README.md beside this file
