import tseslint from 'typescript-eslint';

const worldOwns = 'Time and chance live in local/world: use world.clock and world.chance.';

export default tseslint.config(
  { ignores: ['node_modules', 'cdk.out', '.mergecast', 'coverage', 'examples', '**/*.mjs', '**/*.js'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['local/**/*.ts'],
    ignores: ['local/world/clock.ts', 'local/world/chance.ts', 'local/lambda-host/worker.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({ name, message: worldOwns })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: worldOwns },
        { object: 'Math', property: 'random', message: worldOwns },
        { object: 'crypto', property: 'randomUUID', message: worldOwns },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: worldOwns },
        { selector: 'ImportSpecifier[imported.name=/^random(UUID|Bytes|Int)$/]', message: worldOwns },
      ],
    },
  },
);
