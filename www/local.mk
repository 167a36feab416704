# www: see the README.md beside this file. Built with npm by scripts/up, not by make.
EXTRA_DIST += www/README.md www/package.json www/package-lock.json www/.npmrc www/index.html \
	www/vite.config.ts www/tsconfig.json www/eslint.config.js www/.prettierrc.json \
	www/.prettierignore www/build www/public www/src
