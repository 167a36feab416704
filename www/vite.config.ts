import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { stylesThroughCssom } from './build/csp-styles.ts';

// base './': index.html carries <base href>, so one build serves at any path (see README.md).
export default defineConfig({
  base: './',
  plugins: [react(), stylesThroughCssom()],
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
    chunkSizeWarningLimit: 1200,
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:8390', '/ws': { target: 'ws://127.0.0.1:8390', ws: true } },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['./build/test-setup.ts'],
    // Read by tests that check the colours; other styles are left out.
    css: { include: [/tokens\.css/] },
  },
});
