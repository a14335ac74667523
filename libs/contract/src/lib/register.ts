/**
 * Where an app tells the type system which contract is its own. Augment it once, beside the app's `contract.json`:
 *
 * ```ts
 * import type contract from '../contract.json';
 *
 * declare module '@countersign/contract' {
 *   interface Register {
 *     contract: typeof contract;
 *   }
 * }
 * ```
 *
 * From then on `@RequireScopes`, `@CallerIs`, `M2mModule.forFeature` and `@InjectM2m` accept only names that the
 * contract has. Without it they accept any string.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by declaration merging
export interface Register {}

type Registered = Register extends { contract: infer C } ? C : never;

type KeysOf<Member extends string> = [Registered] extends [never]
  ? string
  : Registered extends Record<Member, infer Names>
    ? Extract<keyof Names, string>
    : never;

/** A scope that the registered contract owns; any string where none is registered. */
export type ScopeName = KeysOf<'scopes'>;

/** A service that the registered contract calls; any string where none is registered. */
export type CalleeName = KeysOf<'calls'>;

/** A client that the registered contract allows; any string where none is registered. */
export type CallerName = KeysOf<'allows'>;
