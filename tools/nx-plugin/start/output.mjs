import * as util from 'node:util';

const decorated = process.stdout.isTTY && !process.env.NO_COLOR;

/** Text in a `styleText` format on a terminal, plain text elsewhere. */
export const style = (format, text) => (decorated ? util.styleText(format, text) : text);

/** A heading with a blank line before it. */
export const heading = (text) => console.log(`\n${style('bold', text)}`);

/**
 * Prints rows in aligned columns.
 *
 * @param {string[][]} rows the first row is the head
 */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('   ')
      .trimEnd();
  console.log(`  ${style('dim', line(rows[0]))}`);
  for (const row of rows.slice(1)) console.log(`  ${line(row)}`);
}

/**
 * Ends the process with status 1.
 *
 * @param {string} message what went wrong
 * @param {string[]} solutions what to do about it, a line each
 * @returns {never}
 */
export function fail(message, solutions = []) {
  console.error(style('red', message));
  for (const solution of solutions) console.error(`  - ${solution}`);
  process.exit(1);
}
