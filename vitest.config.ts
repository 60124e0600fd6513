import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [react()],
        test: {
          name: 'unit',
          include: ['{shared,main,preload,renderer}/**/*.test.{ts,tsx}', 'test/{architecture,backend,runtime,bench,fixtures}/**/*.test.ts'],
          environment: 'node',
          testTimeout: 15_000,
          // What comes by itself has the time of a busy machine: vitest would give it one second.
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          // They talk to the Prometheus and Alertmanager of Debian's packages.
          exclude: process.platform === 'linux' ? [] : ['test/integration/security-{metrics,alerts}.test.ts'],
          environment: 'node',
          // A real keychain of its own for the whole run, wherever it is started from.
          globalSetup: ['test/runtime/integration-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
