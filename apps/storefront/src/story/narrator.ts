import { styleText } from 'node:util';

const decorated = process.stdout.isTTY && !process.env['NO_COLOR'];
const style = (format: 'bold' | 'dim' | 'green' | 'red', text: string): string =>
  decorated ? styleText(format, text) : text;

/** Prints the story and remembers whether every expectation held. */
export class Narrator {
  private chapters = 0;
  private readonly broken: string[] = [];

  /** Begins the next numbered chapter. */
  chapter(title: string): void {
    console.log(`\n${style('bold', `${++this.chapters}. ${title}`)}`);
  }

  /** Prints a fact. */
  tell(fact: string): void {
    console.log(`   ${fact}`);
  }

  /** Prints named values, a line each. */
  show(values: Record<string, unknown>): void {
    const width = Math.max(...Object.keys(values).map((name) => name.length));
    for (const [name, value] of Object.entries(values)) {
      console.log(
        `   ${style('dim', name.padEnd(width))}  ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      );
    }
  }

  /** Prints what was expected with a mark that says whether it held. */
  expect(held: boolean, expectation: string, seen: string): void {
    console.log(`   ${held ? style('green', '✓') : style('red', '✗')} ${expectation}: ${seen}`);
    if (!held) this.broken.push(`${this.chapters}. ${expectation}: ${seen}`);
  }

  /** Prints the outcome and returns the exit code: 0 where every expectation held, else 1. */
  end(): 0 | 1 {
    if (this.broken.length === 0) return 0;
    console.error(`\n${style('red', 'What did not hold:')}`);
    for (const expectation of this.broken) console.error(`  ${expectation}`);
    return 1;
  }
}
