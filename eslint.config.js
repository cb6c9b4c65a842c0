'use strict';

const js = require('@eslint/js');
const globals = require('globals');

module.exports = [
  {
    ignores: [
      '**/target/', 'dist/*.*', '.node-versions/', '.runtimes/', '**/*.d.ts',
      '__test__/types/', '__test__/bundlers/work/', '__test__/bundlers/apps/guide.*',
      'site/work/', 'site/dist/', 'site/node_modules/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.js', '**/*.cjs', 'dist/index'],
    languageOptions: { sourceType: 'commonjs', ecmaVersion: 2023, globals: globals.node },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { sourceType: 'module', ecmaVersion: 2023, globals: globals.node },
  },
  {
    rules: {
      'array-callback-return': 'error',
      'complexity': ['error', 20],
      'curly': ['error', 'multi-line'],
      'default-case-last': 'error',
      'dot-notation': 'error',
      'eqeqeq': 'error',
      'grouped-accessor-pairs': 'error',
      'logical-assignment-operators': 'error',
      'max-len': ['error', { code: 100, ignoreUrls: true }],
      'max-lines': ['error', 400],
      'max-params': ['error', 7],
      'no-constructor-return': 'error',
      'no-else-return': 'error',
      'no-lonely-if': 'error',
      'no-self-compare': 'error',
      'no-undef-init': 'error',
      'no-unneeded-ternary': 'error',
      'no-unused-vars': ['error', { args: 'after-used', caughtErrors: 'all' }],
      'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
      'no-useless-rename': 'error',
      'no-useless-return': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'operator-assignment': 'error',
      'prefer-const': 'error',
      'prefer-object-has-own': 'error',
      'quotes': ['error', 'single', { avoidEscape: true, allowTemplateLiterals: true }],
      'semi': 'error',
      'strict': ['error', 'global'],
      'symbol-description': 'error',
      'yoda': 'error',
    },
  },
  { files: ['site/check.js'], languageOptions: { globals: globals.browser } },
  // Tests nest functions, whose names say the same about the same thing.
  { files: ['lib/**', 'scripts/**', 'benchmark/**'], rules: { 'no-shadow': 'error' } },
  { files: ['**/*.mjs'], rules: { strict: 'off' } },
];
