// Measures what only a browser can show. Not a test: `make bench` runs it and the figures go to bench/BENCHMARKS.md.
import base from './playwright.config';

export default { ...base, testDir: './measure', workers: 1, timeout: 600_000 };
