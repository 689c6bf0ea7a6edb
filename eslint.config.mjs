import js from '@eslint/js'
import boundaries from 'eslint-plugin-boundaries'
import i18next from 'eslint-plugin-i18next'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

// The layers of docs/adr/0001. `allow` lists what a layer may import besides itself.
const layers = [
  { type: 'shared', pattern: 'src/shared', allow: [] },
  { type: 'ffmpeg', pattern: 'src/main/ffmpeg', allow: ['shared'] },
  { type: 'core', pattern: 'src/main/core', allow: ['shared', 'ffmpeg'] },
  { type: 'engine', pattern: 'src/main/engine', allow: ['shared', 'ffmpeg'] },
  { type: 'preload', pattern: 'src/preload', allow: ['shared'] },
  { type: 'renderer', pattern: 'src/renderer', allow: ['shared'] },
  { type: 'hosts', pattern: 'src/main/hosts', allow: ['core', 'shared'] },
  { type: 'entries', pattern: 'src/main', allow: ['hosts', 'core', 'shared'] },
]

/** Packages a layer must not reach for, whatever is installed. */
const forbidden = (...patterns) => [
  'error',
  { patterns: patterns.map((group) => ({ group: [group] })) },
]

export default tseslint.config(
  { ignores: ['out/', 'dist/', 'node_modules/', 'training/', 'quality-out/', '.cache/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked.map((config) => ({
    ...config,
    files: ['**/*.ts', '**/*.tsx'],
  })),
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: [] } } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, argsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Arrow shorthands that end in a call returning nothing read well and hide nothing.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Records keyed by id are maps here; a fresh copy with a key deleted is how one loses an entry.
      '@typescript-eslint/no-dynamic-delete': 'off',
      // Strings are spread on purpose where code points are meant.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use `as const` and a type.' },
      ],
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': layers.map(({ type, pattern }) => ({ type, pattern })),
      'import/resolver': {
        typescript: { project: 'src/*/tsconfig.json', noWarnOnMultipleProjects: true },
      },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          message: 'This layer must not import that one: docs/adr/0001',
          policies: layers.map(({ type, allow }) => ({
            from: { element: { type } },
            allow: { to: { element: { type: [type, ...allow] } } },
          })),
        },
      ],
    },
  },
  {
    files: ['src/shared/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': forbidden(
        'node:*',
        'electron',
        'react',
        'konva',
        'onnxruntime-node',
      ),
    },
  },
  {
    files: ['src/main/core/**/*.ts', 'src/main/ffmpeg/**/*.ts', 'src/main/engine/**/*.ts'],
    rules: { 'no-restricted-imports': forbidden('electron', 'electron/*', 'react', 'konva') },
  },
  {
    files: ['src/main/hosts/**/*.ts'],
    ignores: ['src/main/hosts/electron.ts', 'src/main/hosts/electron/**'],
    rules: { 'no-restricted-imports': forbidden('electron', 'electron/*', 'react', 'konva') },
  },
  {
    files: ['src/renderer/**/*.ts', 'src/renderer/**/*.tsx'],
    ignores: ['**/*.test.ts', '**/*.test.tsx'],
    rules: { 'no-restricted-imports': forbidden('node:*', 'electron', 'onnxruntime-node') },
  },
  {
    files: ['src/renderer/**/*.tsx'],
    ignores: ['**/*.test.tsx'],
    plugins: { i18next, 'jsx-a11y': jsxA11y, 'react-hooks': reactHooks },
    rules: {
      ...jsxA11y.flatConfigs.recommended.rules,
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'i18next/no-literal-string': ['error', { mode: 'jsx-text-only' }],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.test.tsx', 'tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // JSON that a test reads or breaks on purpose has no type.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
  {
    // Pixel loops: the index is in range by construction, and a fallback per sample costs a branch.
    files: ['src/main/engine/**/*.ts', 'tests/quality/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
)
