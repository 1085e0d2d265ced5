import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Its own file: the Remix plugin of vite.config.ts has no place in tests.
export default defineConfig({
  esbuild: { jsx: 'automatic', jsxDev: false },
  // Vite would pick rrule's browser build, which Node cannot load.
  resolve: { alias: { rrule: fileURLToPath(import.meta.resolve('rrule')) } },
  test: {
    // What is tested is what runs: React's checks for developers would also make every page three times as slow.
    env: { NODE_ENV: 'production' },
    server: { deps: { external: [/node_modules/] } },
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/console.ts'],
    reporters: ['default', 'test/support/second-try.ts'],
    testTimeout: 240_000,
    hookTimeout: 300_000,
    // Two cores: more workers than that only wait for each other.
    maxWorkers: 2,
  },
});
