import { afterAll } from 'vitest';
import { LeakSearch } from './lib/secrets/leak-search.js';
import { tapOutput } from './lib/secrets/output-tap.js';
import { rememberedSecrets, watchOutput } from './lib/secrets/secret-registry.js';

const search = new LeakSearch(rememberedSecrets);
const untap = tapOutput((source, text) => search.add(source, text), {
  mute: process.env['TEST_LOGS'] !== 'show',
});
watchOutput();

afterAll(() => {
  untap();
  const leaks = search.finish();
  if (leaks.length === 0) return;
  const list = leaks.map(({ source, secret, form }) => `  ${source}: ${secret} (${form})`);
  throw new Error(`The tests of this file, or what they started, wrote secrets:\n${list.join('\n')}`);
});
