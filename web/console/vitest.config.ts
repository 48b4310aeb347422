// Apart from vite.config.ts: with Tailwind's plugin the test runner does not end.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  json: { namedExports: false },
  test: { environment: 'happy-dom', include: ['test/**/*.test.ts'] },
});
