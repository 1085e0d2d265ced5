import { defineConfig } from 'vitest/config';

// Its own file: the Remix plugin of vite.config.ts has no place in tests.
export default defineConfig({
  esbuild: { jsx: 'automatic' },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/console.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: more workers than that only wait for each other.
    maxWorkers: 2,
  },
});
