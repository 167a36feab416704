# runner/agent: see the README.md beside this file
