import tseslint from 'typescript-eslint';
import astro from 'eslint-plugin-astro';

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/dist/**',
      '**/.astro/**',
      '**/.local/**',
      '**/coverage/**',
      'src/platform/database.types.ts',
    ],
  },
  ...tseslint.configs.recommended,
  ...astro.configs['flat/recommended'],
  ...(astro.configs['flat/jsx-a11y-recommended'] ?? []),
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', prefer: 'type-imports' },
      ],
      'no-console': ['error', { allow: ['error', 'warn'] }],
      // vitest.config.ts says so that its types are found.
      '@typescript-eslint/triple-slash-reference': [
        'error',
        { types: 'always', path: 'never', lib: 'always' },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  { files: ['local/**', 'tests/**', 'src/platform/log.ts'], rules: { 'no-console': 'off' } },
);
