// How the console is built: into web/dist/console, everything with a hash in its name under assets/.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const server = process.env.BALCAO_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/',
  plugins: [svelte(), tailwindcss()],
  json: { namedExports: false },
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0, // The content security policy allows no data: scripts or fonts.
    target: 'baseline-widely-available',
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5310,
    strictPort: true,
    fs: { allow: [repository] },
    proxy: { '/api': { target: server, ws: true } },
  },
});
