import { describe, expect, it } from 'vitest';
import { lineDiff } from './line-diff.ts';

describe('lineDiff', () => {
  it.each([
    ['a\nb\nc', 'a\nb\nc', ['  a', '  b', '  c']],
    ['a\nb\nc', 'a\nc', ['  a', '- b', '  c']],
    ['a\nc', 'a\nb\nc', ['  a', '+ b', '  c']],
    ['a\nb', 'a\nB', ['  a', '- b', '+ B']],
    ['', 'a', ['- ', '+ a']],
  ])('turns %j into %j', (before, after, lines) => {
    expect(lineDiff(before, after)).toEqual(lines);
  });
});
