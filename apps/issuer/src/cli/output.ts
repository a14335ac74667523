/** Where a command writes, and how. */
export interface Output {
  /** Whether it is for programs. */
  readonly json: boolean;
  readonly out: (text: string) => unknown;
}

/** Writes a value as JSON, or as text for people. */
export function show({ json, out }: Output, value: unknown, text: string): void {
  out(json ? `${JSON.stringify(value, undefined, 2)}\n` : text === '' ? '' : `${text}\n`);
}

/**
 * Rows under each other, each column as wide as its widest cell.
 *
 * @param columns names of the members to show
 */
export function table(rows: readonly Record<string, unknown>[], columns: readonly string[]): string {
  const cells = [
    columns.map((column) => column.toUpperCase()),
    ...rows.map((row) => columns.map((name) => cell(row[name]))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]!.length)));
  return cells
    .map((line) =>
      line
        .map((text, index) => text.padEnd(widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Nothing of a value may steer the terminal. */
function cell(value: unknown): string {
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const text = parts.map((part) => (typeof part === 'string' ? part : (JSON.stringify(part ?? null) ?? '')));
  return value === null || value === undefined ? '-' : text.join(' ').replace(/\p{Cc}/gu, ' ');
}
