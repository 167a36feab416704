# tests/unit: see the README.md beside this file
