/**
 * How one text becomes another, line by line: `- ` for a line that goes, `+ ` for one that comes, and two spaces for one
 * that stays. Meant for files of a few hundred lines.
 */
export function lineDiff(before: string, after: string): string[] {
  const [old, wanted] = [before.split('\n'), after.split('\n')];
  const common = commonLengths(old, wanted);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < wanted.length) {
    if (i < old.length && j < wanted.length && old[i] === wanted[j]) {
      lines.push(`  ${old[i++]}`);
      j++;
    } else if (
      j >= wanted.length ||
      (i < old.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))
    ) {
      lines.push(`- ${old[i++]}`);
    } else lines.push(`+ ${wanted[j++]}`);
  }
  return lines;
}

/** Length of the longest common subsequence of what is left of two lists, from each pair of places on. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [row, next] = [lengths[i] ?? [], lengths[i + 1] ?? []];
      row[j] = a[i] === b[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
