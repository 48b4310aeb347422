// How the browser tests run: the real program, Debian's Chromium, no retries, and a trace of whatever fails.
import { defineConfig } from '@playwright/test';

const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  // Files run beside each other, the tests of one file one after the other: they share its server.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 8_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    headless: true,
    launchOptions: {
      executablePath: process.env.BALCAO_CHROMIUM ?? '/usr/bin/chromium',
      chromiumSandbox: !isRoot,
      args: isRoot ? [...args, '--no-sandbox'] : args,
    },
    locale: 'pt-BR',
    timezoneId: 'America/Sao_Paulo',
    viewport: { width: 1440, height: 900 },
    actionTimeout: 8_000,
    navigationTimeout: 15_000,
    // Without the film, which costs more than the tests themselves; the snapshots of the page are in it.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
});
