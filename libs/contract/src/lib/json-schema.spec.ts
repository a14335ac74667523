import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contractJsonSchema } from './json-schema.js';

describe('contract.schema.json', () => {
  it('is what the schema generates', () => {
    const committed: unknown = JSON.parse(
      readFileSync(new URL('../../contract.schema.json', import.meta.url), 'utf8'),
    );
    expect(committed).toEqual(JSON.parse(JSON.stringify(contractJsonSchema())));
  });
});
