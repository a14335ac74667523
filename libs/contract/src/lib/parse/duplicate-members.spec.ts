import { describe, expect, it } from 'vitest';
import { duplicateMembers } from './duplicate-members.js';

describe('duplicateMembers', () => {
  it.each([
    ['{}', []],
    ['{"a":1,"b":{"a":1}}', []],
    ['[{"a":1},{"a":1}]', []],
    ['{"a":"a","b":["a","a"]}', []],
    ['{"a":"\\"a\\":1,","b":"{\\"a\\":1}"}', []],
    ['{"a":1,"a":2}', [['a']]],
    ['{"a":1,"a":2,"a":3}', [['a'], ['a']]],
    ['{"a":[1,{"b":1,"b":2}]}', [['a', 1, 'b']]],
    ['{"a":{"x":1},"b":2,"a":{"x":1,"x":2}}', [['a'], ['a', 'x']]],
    ['{"":1,"":2}', [['']]],
  ])('%s', (text, paths) => {
    expect(duplicateMembers(text)).toEqual(paths);
  });
});
