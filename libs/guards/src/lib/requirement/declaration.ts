import type { ReportOnlyRule } from './report-only.js';

/**
 * The metadata key under which a handler or a controller class carries its declarations. A library that must not
 * depend on this package can write it itself: `SetMetadata('countersign:requirement', [{ kind: 'public' }])`.
 */
export const REQUIREMENT_METADATA = 'countersign:requirement';

/** One thing that a decorator says about a handler or a controller class. */
export type Declaration =
  | { readonly kind: 'public' }
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes'; readonly scopes: readonly string[] }
  | { readonly kind: 'any-scope'; readonly scopes: readonly string[] }
  | { readonly kind: 'callers'; readonly clients: readonly string[]; readonly issuers?: readonly string[] }
  | { readonly kind: 'audience'; readonly audiences: readonly string[] }
  | { readonly kind: 'report-only'; readonly rules: readonly ReportOnlyRule[] };
