'use strict';

const js = require('@eslint/js');
const globals = require('globals');

module.exports = [
  {
    ignores: [
      '**/target/', 'native.js', '.node-versions/', '.runtimes/', '**/*.d.ts', '__test__/types/',
      '__test__/bundlers/work/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', ecmaVersion: 2023, globals: globals.node },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { sourceType: 'module', ecmaVersion: 2023, globals: globals.node },
  },
  {
    rules: {
      'curly': ['error', 'multi-line'],
      'eqeqeq': 'error',
      'max-len': ['error', { code: 100, ignoreUrls: true }],
      'max-lines': ['error', 400],
      'no-unused-vars': ['error', { args: 'after-used', caughtErrors: 'all' }],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'quotes': ['error', 'single', { avoidEscape: true, allowTemplateLiterals: true }],
      'semi': 'error',
      'strict': ['error', 'global'],
    },
  },
  { files: ['**/*.mjs'], rules: { strict: 'off' } },
];
