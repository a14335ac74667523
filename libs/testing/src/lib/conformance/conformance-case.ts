import { bearer, type Arena } from './arena.js';
import { type Shot } from './http-shot.js';
import { type Refusal } from './refusal.js';
import { type Stage } from './stage.js';
import { type MintOptions } from '../tokens/mint.js';

type Awaitable<T> = T | Promise<T>;

/** One request that must be refused, and the one beside it that must not. */
export interface RefusalCase {
  readonly id: string;
  readonly title: string;
  readonly attack: (arena: Arena) => Awaitable<Shot>;
  /** Any one of these will do. Empty: not being accepted will do. */
  readonly expected: readonly Refusal[];
  /** Default: the request with a valid token. */
  readonly control?: (arena: Arena) => Awaitable<Shot>;
}

/** A story in several steps, with its own assertions. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly run: (arena: Arena) => Promise<void>;
}

/** A story with a service of its own. It runs beside the others of its kind, so that their waits are spent together. */
export interface LoneScenario {
  readonly id: string;
  readonly title: string;
  readonly run: (stage: Stage) => Promise<void>;
}

/** A table of cases with one subject. */
export interface ConformanceGroup {
  readonly name: string;
  readonly refusals?: readonly RefusalCase[];
  readonly scenarios?: readonly Scenario[];
  /** Left out where the service cannot be started by the battery. */
  readonly alone?: readonly LoneScenario[];
}

/** A case in which a bearer token of some making must be refused. */
export function tokenCase(
  id: string,
  title: string,
  token: (arena: Arena) => Awaitable<string>,
  expected: readonly Refusal[],
): RefusalCase {
  return { id, title, attack: async (arena) => bearer(await token(arena)), expected };
}

/** A case in which a signed token differs from a valid one by the mint options alone. */
export function mintCase(
  id: string,
  title: string,
  mint: MintOptions | ((arena: Arena) => MintOptions),
  expected: readonly Refusal[],
): RefusalCase {
  return tokenCase(
    id,
    title,
    (arena) => arena.mint(typeof mint === 'function' ? mint(arena) : mint),
    expected,
  );
}
