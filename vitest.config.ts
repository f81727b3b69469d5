/// <reference types="vitest/config" />
import { defineConfig } from 'vitest/config';

// Tests run beside the build and the servers they test, on two cores, which may be slow or not theirs alone: the times are
// ceilings for what hangs, ten times and more what anything takes on an idle machine.
const fiveMinutes = 300_000;
const needStack = ['database', 'doors', 'journeys'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    // How long a test may wait for what it polls: a ceiling for a busy machine, not a pause.
    expect: { poll: { timeout: 60_000 } },
    testTimeout: fiveMinutes,
    hookTimeout: fiveMinutes,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,astro}', 'local/**/*.{ts,mjs}'],
      exclude: ['src/platform/database.types.ts'],
      reportsDirectory: '.local/coverage',
      reporter: ['text-summary', 'html'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['local', ...needStack].map((folder) => `tests/${folder}/**`),
          setupFiles: ['tests/replaceable-fetch.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'local',
          include: ['tests/local/**/*.test.ts'],
        },
      },
      ...needStack.map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`tests/${name}/**/*.test.ts`],
          globalSetup: ['tests/stack.ts'],
          setupFiles: ['tests/localhost.ts'],
        },
      })),
    ],
  },
});
