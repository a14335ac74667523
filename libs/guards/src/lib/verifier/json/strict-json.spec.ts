import { describe, expect, it } from 'vitest';
import { parseJsonObject, StrictJsonError } from './strict-json.js';

const bounds = { maxDepth: 4, maxMembers: 8 };
const parse = (text: string | Buffer) => parseJsonObject(Buffer.from(text as string), bounds);

describe('parseJsonObject', () => {
  it.each([
    ['an empty object', '{}', {}],
    [
      'members of every kind',
      '{"a":1,"b":[true,null],"c":{"d":"e"}}',
      { a: 1, b: [true, null], c: { d: 'e' } },
    ],
    ['white space', ' { "a" :\n1 } ', { a: 1 }],
    ['one name in two objects', '{"a":{"x":1},"b":{"x":2}}', { a: { x: 1 }, b: { x: 2 } }],
    ['colons, braces and quotes in strings', '{"a:":"{[:\\"]}:"}', { 'a:': '{[:"]}:' }],
    ['a string that ends in a backslash', '{"a":"\\\\","b":":"}', { a: '\\', b: ':' }],
    ['text beyond ASCII', '{"name":"Żółć 🎈"}', { name: 'Żółć 🎈' }],
    ['names that are numbers', '{"2":1,"1":2}', { 1: 2, 2: 1 }],
    ['the deepest nesting that is allowed', '{"a":{"b":{"c":{}}}}', { a: { b: { c: {} } } }],
    [
      'as many members as are allowed',
      '{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8}',
      expect.anything(),
    ],
  ])('reads %s', (_what, text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it.each([
    ['a repeated name', '{"a":1,"a":1}', 'a member name is repeated'],
    ['a repeated name that is escaped once', '{"a":1,"\\u0061":2}', 'a member name is repeated'],
    ['a repeated name deep inside', '{"a":[{"b":{"c":1,"c":2}}]}', 'a member name is repeated'],
    ['a repeated name whose values nest', '{"a":{"x":1},"a":{"y":1}}', 'a member name is repeated'],
    ['a repeated __proto__', '{"__proto__":1,"__proto__":2}', 'a member name is repeated'],
    ['a list', '[]', 'not a JSON object'],
    ['null', 'null', 'not a JSON object'],
    ['a string', '"a"', 'not a JSON object'],
    ['a number', '1', 'not a JSON object'],
    ['nothing', '', 'not valid JSON'],
    ['a trailing comma', '{"a":1,}', 'not valid JSON'],
    ['single quotes', "{'a':1}", 'not valid JSON'],
    ['a comment', '{/**/}', 'not valid JSON'],
    ['two objects', '{}{}', 'not valid JSON'],
    ['a control character in a string', '{"a":"\u0001"}', 'not valid JSON'],
    ['NaN', '{"a":NaN}', 'not valid JSON'],
    ['a byte order mark', '\ufeff{}', 'not valid JSON'],
    ['a byte that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'not valid UTF-8'],
    [
      'an overlong encoding',
      Buffer.from([0x7b, 0x22, 0xc0, 0xa2, 0x22, 0x3a, 0x31, 0x7d]),
      'not valid UTF-8',
    ],
    [
      'an encoded surrogate',
      Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
      'not valid UTF-8',
    ],
    ['one level too deep', '{"a":{"b":{"c":{"d":{}}}}}', 'nested too deeply'],
    ['lists one level too deep', '{"a":[[[[]]]]}', 'nested too deeply'],
    ['a thousand levels', `{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`, 'nested too deeply'],
    ['one member too many', '{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9}', 'too many members'],
  ])('refuses %s', (_what, text, reason) => {
    expect(() => parse(text)).toThrow(new StrictJsonError(reason));
  });

  it('keeps __proto__ as a member like any other', () => {
    const value = parse('{"__proto__":{"admin":true}}');
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(value['admin']).toBeUndefined();
  });
});
