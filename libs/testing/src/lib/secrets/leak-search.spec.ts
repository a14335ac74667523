import { describe, expect, it } from 'vitest';
import { LeakSearch } from './leak-search.js';

const secret = 'correct-horse-battery-staple';

describe('LeakSearch', () => {
  const search = (): LeakSearch => new LeakSearch(() => ({ client: secret }));

  it('finds nothing in clean output', () => {
    const clean = search();
    clean.add('log', '{"level":"info","msg":"token obtained"}\n');

    expect(clean.finish()).toEqual([]);
    expect(clean.length).toBe(40);
  });

  it('names what was written, once, and where', () => {
    const leaky = search();
    leaky.add('log', `${secret}\n`);
    leaky.add('log', `${secret}\n`);
    leaky.add('child process', Buffer.from(secret).toString('hex'));

    expect(leaky.finish()).toEqual([
      { source: 'log', secret: 'client', form: 'plain' },
      { source: 'child process', secret: 'client', form: 'hex' },
    ]);
  });

  it('finds a secret that is written in two pieces, but not one that two outputs have half of', () => {
    const halves = [secret.slice(0, 10), secret.slice(10)] as const;
    const leaky = search();
    for (const half of halves) leaky.add('stdout', half);
    expect(leaky.finish()).toMatchObject([{ source: 'stdout' }]);

    const clean = search();
    clean.add('stdout', halves[0]);
    clean.add('stderr', halves[1]);
    expect(clean.finish()).toEqual([]);
  });

  it('finds secrets in megabytes of output, and keeps none of it', () => {
    const filler = 'x'.repeat(300_000);
    const leaky = search();
    for (let i = 0; i < 10; i++) leaky.add('log', i === 3 ? `${secret}${filler}` : filler);

    expect(leaky.finish()).toEqual([{ source: 'log', secret: 'client', form: 'plain' }]);
  });

  it('finds a secret that was remembered before it was written', () => {
    const known: Record<string, string> = {};
    const leaky = new LeakSearch(() => known);
    known['late'] = 'known-a-little-later';
    leaky.add('stdout', 'known-a-little-later');

    expect(leaky.finish()).toMatchObject([{ secret: 'late' }]);
  });
});
