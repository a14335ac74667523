import { readResults } from './lib/results.mjs';

const { passed, failed, skipped } = readResults();
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
