import { defineConfig } from 'vitest/config';

// A hook that runs the tests names its own repository in GIT_DIR and others, and a proxy cannot reach the servers of the tests.
for (const name of Object.keys(process.env)) if (name.startsWith('GIT_')) delete process.env[name];
Object.assign(process.env, { NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' });

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    pool: 'forks',
    // The project's modules keep no state of their own, so that test files may share them; loading them once saves a quarter of the time.
    isolate: false,
    // Vitest leaves one core free for a person at a screen; on two cores that would run one file at a time.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
