import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { listExamples } from './scripts/list-examples.ts';

const root = import.meta.dirname;
const server = process.env['HEDDLE_DEV_SERVER'] ?? 'http://127.0.0.1:4000';
const behind = '^/(api|trpc|hooks|forms|chat)/';

export default defineConfig({
  root: path.join(root, 'app'),
  publicDir: path.join(root, 'public'),
  plugins: [react(), examples(), gzipped()],
  worker: { format: 'es' },
  build: {
    outDir: path.join(root, 'dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    // A worker of Monaco's is larger than Vite likes; what is loaded first is measured by e2e/.
    chunkSizeWarningLimit: 8000,
  },
  server: { host: '127.0.0.1', port: 5173, proxy: { [behind]: { target: server, changeOrigin: false } } },
});

/** The gallery's shelf as files of the app: a list to show, and each document by itself, fetched when it is installed. */
function examples(): Plugin {
  const folder = path.join(root, 'workflows-examples');
  return {
    name: 'heddle-examples',
    configureServer(dev) {
      dev.middlewares.use((request, response, next) => {
        const file = listExamples(folder).find(({ place }) => request.url?.split('?')[0] === `/${place}`);
        if (!file) return next();
        response.setHeader('content-type', 'application/json');
        response.end(file.source);
      });
    },
    generateBundle() {
      for (const { place, source } of listExamples(folder)) this.emitFile({ type: 'asset', fileName: place, source });
    },
  };
}

/** Text is compressed once, here, and not at every request. */
function gzipped(): Plugin {
  let out = '';
  return {
    name: 'heddle-gzipped',
    apply: 'build',
    configResolved: (config) => void (out = config.build.outDir),
    closeBundle() {
      mkdirSync(out, { recursive: true });
      for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|json|svg|txt)$/.test(file)) continue;
        const whole = path.join(out, file);
        const bytes = readFileSync(whole);
        if (bytes.length > 1024) writeFileSync(`${whole}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
