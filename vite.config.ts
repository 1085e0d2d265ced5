import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';
import remixOptions from './remix.config.js';

export default defineConfig({
  plugins: [remix(remixOptions)],
  // rrule ships CommonJS without named exports: the production server can only load it bundled.
  ssr: { noExternal: ['rrule'] },
  optimizeDeps: { entries: ['app/**/*.{ts,tsx}'] },
  server: { host: '127.0.0.1' },
});
