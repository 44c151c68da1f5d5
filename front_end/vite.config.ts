import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import type { CodeSplittingGroup } from 'rolldown';
import { compression, defineAlgorithm } from 'vite-plugin-compression2';

const console = process.env.VITE_CONSOLE ?? 'http://127.0.0.1:5000';
const proxy = Object.fromEntries(['/api', '/health'].map((path) => [path, { target: console }]));

// Few, large chunks: what the first page needs, libraries apart, since they change less often; and what several other
// pages share. Everything else stays with its page, but for the icons: each is a file of its own otherwise.
const CHUNKS: CodeSplittingGroup[] = [
  { name: 'icons', test: /node_modules[\\/]@ant-design[\\/]icons/, priority: 3 },
  { name: 'libraries', tags: ['$initial'], test: /node_modules/, priority: 2 },
  { name: 'more-libraries', minShareCount: 3, test: /node_modules/, priority: 1 },
  { name: 'console', tags: ['$initial'], test: /[\\/]src[\\/]/, priority: 2 },
  { name: 'more', minShareCount: 2, test: /[\\/]src[\\/]/, priority: 1 },
];

// Relative addresses, because the server decides at run time below which path the console lives: it replaces the
// `<base>` of index.html.
export default defineConfig({
  base: './',
  plugins: [
    react(),
    compression({
      include: [/\.(html|js|css|svg|json|txt|webmanifest)$/],
      threshold: 1024,
      algorithms: [defineAlgorithm('gzip', { level: 9 }), 'brotliCompress'],
    }),
  ],
  resolve: {
    alias: {
      '@rjsf/validator-ajv8': fileURLToPath(
        new URL('src/components/schema-form/noCompiler.ts', import.meta.url),
      ),
    },
  },
  server: { proxy },
  preview: { proxy },
  build: {
    target: 'es2022',
    manifest: true,
    // The first page is measured by `npm run size`; this warning counts uncompressed bytes of single files.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS } } },
  },
  test: {
    environment: 'jsdom',
    // What is in e2e is for Playwright.
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
    // So that the alias above holds within it.
    server: { deps: { inline: [/@rjsf/] } },
  },
});
