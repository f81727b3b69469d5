import { defineConfig } from 'astro/config';
import node from '@astrojs/node';
import tailwindcss from '@tailwindcss/vite';

export default defineConfig({
  output: 'server',
  // Tests build beside a running site, so each may name its own folder.
  outDir: process.env.ATRIUM_OUT_DIR ?? './dist',
  adapter: node({ mode: 'standalone', bodySizeLimit: 1024 * 1024 }),
  vite: { plugins: [tailwindcss()] },
});
