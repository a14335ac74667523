import { describe, expect, it } from 'vitest';
import { parseContract } from './parse-contract.js';

const whole = {
  service: 'orders',
  audience: 'https://orders.example',
  port: 4101,
  scopes: { 'read:orders': 'Read any order' },
  tokenLifetime: 3600,
  allows: { storefront: ['read:orders'] },
  calls: { inventory: ['read:stock'] },
};

const parse = (value: unknown) => parseContract(JSON.stringify(value), 'contract.json');
const places = (text: string) =>
  parseContract(text, 'contract.json').findings.map(({ code, pointer }) => `${code} ${pointer}`);

describe('parseContract', () => {
  it('reads a whole contract', () => {
    expect(parse({ $schema: './contract.schema.json', ...whole })).toEqual({ contract: whole, findings: [] });
  });

  it('fills in what a pure client leaves out', () => {
    expect(parse({ service: 'job' }).contract).toEqual({ service: 'job', scopes: {}, allows: {}, calls: {} });
  });

  it.each([
    ['no JSON', '{', 'json_malformed '],
    ['an empty file', '', 'json_malformed '],
    ['a trailing comma', '{"service":"a",}', 'json_malformed '],
    ['a comment', '{"service":"a"} // no', 'json_malformed '],
    ['an array', '[]', 'schema_invalid '],
    ['null', 'null', 'schema_invalid '],
    ['no service', '{}', 'schema_invalid /service'],
    ['a member twice', '{"service":"a","service":"b"}', 'member_duplicate /service'],
    ['a member twice by an escape', '{"service":"a","\\u0073ervice":"b"}', 'member_duplicate /service'],
    [
      'a scope twice',
      '{"service":"a","scopes":{"a/b~c":"x","a/b~c":"y"}}',
      'member_duplicate /scopes/a~1b~0c',
    ],
    ['an unknown member', '{"service":"a","allow":{}}', 'schema_invalid /allow'],
    ['__proto__', '{"service":"a","__proto__":{}}', 'schema_invalid /__proto__'],
    [
      '__proto__ as a scope',
      '{"service":"a","scopes":{"__proto__":"x"}}',
      'schema_invalid /scopes/__proto__',
    ],
    [
      '__proto__ as a callee',
      '{"service":"a","calls":{"__proto__":["x"]}}',
      'schema_invalid /calls/__proto__',
    ],
    ['constructor as a service', '{"service":"constructor"}', 'schema_invalid /service'],
    ['toString as a scope', '{"service":"a","scopes":{"toString":"x"}}', 'schema_invalid /scopes/toString'],
  ])('refuses %s', (_, text, place) => {
    expect(places(text)).toContain(place);
  });

  it.each(
    [
      [
        '',
        'Orders',
        '1orders',
        'or_ders',
        '../orders',
        'orders\n',
        'a'.repeat(64),
        'orders/x',
        'ördér',
        7,
        null,
      ].map((service) => ({ service })),
      ['', ' ', 'https://a b', 'a\tb', 'a\n', 7, null, [], 'é', 'a'.repeat(601)].map((audience) => ({
        audience,
      })),
      [0, -1, 1.5, 2_592_001, '60', null, 1e300].map((tokenLifetime) => ({ tokenLifetime })),
      [0, 65_536, 80.5, '80'].map((port) => ({ port })),
    ].flat(),
  )('refuses %j', (wrong) => {
    expect(parse(whole).findings).toEqual([]);
    const [member] = Object.keys(wrong);
    expect(parse({ ...whole, ...wrong }).findings).toMatchObject([
      { code: 'schema_invalid', severity: 'error', file: 'contract.json', pointer: `/${member}` },
    ]);
  });

  it.each([1, 2_592_000])('accepts a token lifetime of %d s', (tokenLifetime) => {
    expect(parse({ ...whole, tokenLifetime }).contract?.tokenLifetime).toBe(tokenLifetime);
  });

  it.each(['read orders', 'read"', 'read\\orders', '', 'lire:entrées', 'a'.repeat(256)])(
    'refuses the scope name %j',
    (scope) => {
      expect(parse({ ...whole, scopes: { [scope]: 'x' } }).findings[0]?.code).toBe('schema_invalid');
      expect(parse({ ...whole, calls: { inventory: [scope] } }).findings[0]).toMatchObject({
        code: 'schema_invalid',
        pointer: '/calls/inventory/0',
      });
    },
  );

  it('accepts every character of scope-token', () => {
    const token = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index))
      .filter((character) => character !== '"' && character !== '\\')
      .join('');
    expect(parse({ ...whole, scopes: { [token]: 'x' } }).findings).toEqual([]);
  });

  it.each([
    [{ allows: { storefront: [] } }, '/allows/storefront'],
    [{ allows: { storefront: ['a', 'a'] } }, '/allows/storefront'],
    [{ calls: { inventory: 'read:stock' } }, '/calls/inventory'],
    [{ calls: { INVENTORY: ['read:stock'] } }, '/calls/INVENTORY'],
    [{ calls: ['inventory'] }, '/calls'],
    [{ scopes: { 'read:orders': '' } }, '/scopes/read:orders'],
  ])('refuses %j', (wrong, pointer) => {
    expect(parse({ ...whole, ...wrong }).findings).toMatchObject([{ code: 'schema_invalid', pointer }]);
  });

  it('says everything that is wrong at once', () => {
    expect(places('{"service":"A","port":0,"extra":1,"extra":2}')).toEqual([
      'member_duplicate /extra',
      'schema_invalid /port',
      'schema_invalid /service',
    ]);
  });

  it('survives a document of nothing but depth', () => {
    const depth = 60_000;
    expect(places('['.repeat(depth) + ']'.repeat(depth))).toEqual(['schema_invalid ']);
    expect(places('['.repeat(depth) + '{"a":1,"a":2}' + ']'.repeat(depth))).toEqual(['schema_invalid ']);
  });
});
