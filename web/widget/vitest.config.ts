// Unit tests run in happy-dom, the byte budget in Node.
import { defineConfig } from 'vitest/config';
import { texts } from './texts.mjs';

export default defineConfig({
  plugins: [texts()],
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    css: true,
  },
});
