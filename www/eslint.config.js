import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

// Who may import whom: a folder sees the ones before it. ui and i18n are plain parts, seen by all
// who draw; a page folder at the end (rooms) puts the others together.
const layers = [
  ['i18n', []],
  ['api', ['i18n']],
  ['realtime', ['api', 'i18n']],
  ['ui', ['i18n']],
  ['editor', ['api', 'realtime', 'ui', 'i18n']],
  ['history', ['api', 'realtime', 'ui', 'editor', 'i18n']],
  ['output', ['api', 'realtime', 'ui', 'i18n']],
  ['chat', ['api', 'realtime', 'ui', 'i18n']],
  ['people', ['api', 'realtime', 'ui', 'i18n']],
  ['share', ['api', 'realtime', 'ui', 'i18n']],
  ['auth', ['api', 'realtime', 'ui', 'i18n']],
];
const folders = [...layers.map(([name]) => name), 'rooms'];

const arrows = layers.map(([name, allowed]) => ({
  files: [`src/${name}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: folders
          .filter((f) => f !== name && !allowed.includes(f))
          .map((f) => ({
            group: [`../${f}`, `../${f}/**`],
            message: `${name}/ may import ${allowed.join(', ') || 'nothing of ours'}`,
          })),
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { 'react-hooks': hooks },
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      eqeqeq: 'error',
    },
  },
  ...arrows,
);
