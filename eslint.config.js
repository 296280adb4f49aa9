import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

/** Only what can hide a mistake. How code looks is Prettier's matter; who may import whom is .dependency-cruiser.cjs'. */
// A caught error that is not used but named says in one word what went wrong.
const noUnused = ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true }];
const processEnv = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Settings are read in one place (platform/config.ts, or config.ts of dialer and recordings) and handed on.',
};
const now = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Take the time from the Clock that was handed in, so that tests can set it.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take the time from the Clock that was handed in, so that tests can set it.',
  },
];
const anyTest = ['**/*.test.ts', '**/testing.ts', '**/*.testing.ts', '**/*.conformance.ts', '**/*-world.ts'];

export default ts.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/build/**',
      '**/.svelte-kit/**',
      '**/paraglide/**',
      '.centralita/**',
      '**/*.cjs',
      'test-results/**',
      '**/*.generated.ts',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...ts.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'smart'],
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-control-regex': 'error',
      'no-fallthrough': 'error',
      'no-self-assign': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-catch': 'error',
      'no-useless-escape': 'error',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', setInterval: 'readonly', clearInterval: 'readonly', URL: 'readonly' },
    },
    rules: { '@typescript-eslint/no-unused-vars': noUnused },
  },
  {
    files: [
      'cti-server/src/**/*.ts',
      'dialer/src/**/*.ts',
      'recordings/src/**/*.ts',
      'launcher/**/*.ts',
      'asterisk-config/**/*.ts',
      'docker/**/*.ts',
      'e2e/**/*.ts',
      'bench/**/*.ts',
      '*.ts',
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-unused-vars': noUnused,
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // TypeScript knows every name; this rule knows only some.
      'no-undef': 'off',
    },
  },
  {
    files: ['cti-server/src/**/*.ts', 'dialer/src/**/*.ts', 'recordings/src/**/*.ts'],
    ignores: [
      ...anyTest,
      'cti-server/src/platform/config.ts',
      'dialer/src/config.ts',
      'recordings/src/config.ts',
      'cti-server/src/platform/clock.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', processEnv, ...now] },
  },
  {
    files: ['cti-server/src/platform/config.ts', 'dialer/src/config.ts', 'recordings/src/config.ts'],
    rules: { 'no-restricted-syntax': ['error', ...now] },
  },
  { files: ['cti-server/src/platform/clock.ts'], rules: { 'no-restricted-syntax': ['error', processEnv] } },
  ...svelte.configs.recommended.map((config) => ({
    ...config,
    files: config.files ?? ['agent-console/**/*.svelte', 'agent-console/**/*.svelte.ts'],
  })),
  {
    files: ['agent-console/**/*.svelte', 'agent-console/**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // The console is always served from the root of its own address.
      'svelte/no-navigation-without-resolve': 'off',
      // Sees none of the compiler's own warnings; svelte-check does.
      'svelte/no-unused-svelte-ignore': 'off',
      // Sets and maps that no screen reads need not be reactive.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['agent-console/**/*.ts', 'agent-console/**/*.svelte'],
    rules: { 'no-undef': 'off', '@typescript-eslint/no-explicit-any': 'error', '@typescript-eslint/no-unused-vars': noUnused },
  },
);
