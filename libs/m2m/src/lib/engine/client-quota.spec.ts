import { describe, expect, it } from 'vitest';
import { clientQuotaOf } from './client-quota.js';

const hour = { name: 'per_hour', quota: 10, remaining: 7, resetAfter: 3_540 };
const text = 'b=per_hour;q=10;r=7;t=3540';

describe('Auth0-Client-Quota-Limit', () => {
  it('is read bucket by bucket', () => {
    const day = { name: 'per_day', quota: 100, remaining: 0, resetAfter: 0 };
    expect(clientQuotaOf(`${text},b=per_day;q=100;r=0;t=0`)).toEqual([hour, day]);
    expect(clientQuotaOf(' t=3540 ; r=7; q=10 ;b=per_hour , ')).toEqual([hour]);
  });

  it.each([
    ['a bucket without a name', 'q=10;r=7;t=3540'],
    ['a name that is none', 'b=per hour;q=10;r=7;t=3540'],
    ['a number that is missing', 'b=per_hour;q=10;r=7'],
    ['a number that is empty', 'b=per_hour;q=10;r=;t=3540'],
    ['a negative number', 'b=per_hour;q=10;r=-1;t=3540'],
    ['a fraction', 'b=per_hour;q=10;r=1.5;t=3540'],
    ['a number beyond all measure', `b=per_hour;q=${'9'.repeat(20)};r=7;t=3540`],
    ['more left than there is', 'b=per_hour;q=10;r=11;t=3540'],
    ['no bucket', 'hello'],
  ])('%s is left out', (_name, wrong) => {
    expect(clientQuotaOf(wrong)).toBeUndefined();
    expect(clientQuotaOf(`${wrong},${text}`)).toEqual([hour]);
  });

  it('is not read where it is absent or longer than a kilobyte', () => {
    expect(clientQuotaOf(null)).toBeUndefined();
    expect(clientQuotaOf(`${text}${' '.repeat(1_024)}`)).toBeUndefined();
  });
});
