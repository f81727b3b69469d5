import { defineConfig, passthroughImageService } from 'astro/config';
import node from '@astrojs/node';
import tailwindcss from '@tailwindcss/vite';

export default defineConfig({
  output: 'server',
  // Tests build beside a running site, so each may name its own folder.
  outDir: process.env.ATRIUM_OUT_DIR ?? './dist',
  // What is read and thrown away of a body that is too big, so that its sender gets to read our 413; what an endpoint
  // takes is its own, far smaller limit (src/platform/http/body.ts).
  // src/server.ts listens, and serves the files of the build.
  adapter: node({ mode: 'middleware', bodySizeLimit: 16 * 1024 * 1024 }),
  session: false,
  // Without loss: the default drops the space between two words when one of them is marked up on its own line.
  compressHTML: true,
  image: { service: passthroughImageService() },
  // One stylesheet that every page shares and the browser keeps.
  build: { inlineStylesheets: 'never' },
  security: {
    // src/platform/http/origin.ts does it for every method and content type, and behind TLS proxies.
    checkOrigin: false,
    csp: {
      // Scripts and styles: our own files and what Astro hashes. `form-action` is said by Layout.astro, which knows
      // where this deployment's payment page lives.
      directives: [
        "default-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
      ],
    },
  },
  vite: { plugins: [tailwindcss()] },
});
