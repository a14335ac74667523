import { type Estimate } from './measure/statistics.js';

/** How long and how often to measure. */
export interface Effort {
  /** How often each contender is measured; where it is a process, each time by a new one. */
  readonly rounds: number;
  /** Seconds of load in each round, a whole number. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** How often a comparison is repeated while its figures are too uncertain. */
  readonly repeats: number;
}

/** One line of a table; the keys of `values` are its columns. */
export interface Row {
  readonly label: string;
  readonly values: Readonly<Record<string, number>>;
}

/** A figure that a target can be set for. */
export interface Figure {
  readonly name: string;
  readonly estimate: Estimate;
}

/** What a bench found. */
export interface BenchResult {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
}

/** A bench by the name that `--only` takes. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  /** Whether `--quick` includes it. */
  readonly quick: boolean;
  readonly run: (effort: Effort, progress: (text: string) => void) => Promise<BenchResult>;
}
