import type { ExecutionContext } from '@nestjs/common';
import type { CallerGroup } from './caller-group.js';
import { type Declaration, REQUIREMENT_METADATA } from './declaration.js';
import type { ReportOnlyRule } from './report-only.js';

/** What a route asks of its caller. Every member must hold. */
export interface ProtectedRequirement {
  readonly access: 'protected';
  /** Scopes that the token must all have. */
  readonly allOf: readonly string[];
  /** Groups of scopes; the token must have one of each group. */
  readonly anyOf: readonly (readonly string[])[];
  /** Groups of clients; the caller must be in each group. */
  readonly callers: readonly CallerGroup[];
  /** Audiences of which the token must name one; the audiences of the module where undefined. */
  readonly audiences: readonly string[] | undefined;
  /** Rules that are tried out and not enforced; absent where every rule is enforced. */
  readonly reportOnly?: readonly ReportOnlyRule[];
}

/** A route that anybody may call, one that nothing is said about, or what it asks of its caller. */
export type RouteRequirement =
  { readonly access: 'public' } | { readonly access: 'undeclared' } | ProtectedRequirement;

/** A handler method or a controller class, as `ExecutionContext` gives it. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- Nest's own type for handlers and classes
export type Target = Function;

const PUBLIC: RouteRequirement = Object.freeze({ access: 'public' });
const UNDECLARED: RouteRequirement = Object.freeze({ access: 'undeclared' });

/** Controllers inherit handlers, so a requirement belongs to the pair. */
const resolved = new WeakMap<Target, WeakMap<Target, RouteRequirement>>();

/**
 * What a route requires: everything that its class and its handler declare, together. A handler adds to its class
 * and never loosens it, except with `@Public()`; a class-level `@Public()` is overruled by any requirement of the
 * handler. `@ReportOnly()` alone requires nothing: the route is undeclared. Resolved once for each pair.
 *
 * @example
 * ```ts
 * routeRequirement(OrdersController.prototype.find, OrdersController);
 * // { access: 'protected', allOf: ['read:orders'], anyOf: [], callers: [], audiences: undefined }
 * ```
 */
export function routeRequirement(handler: Target, controller: Target): RouteRequirement {
  const known = resolved.get(handler)?.get(controller);
  if (known) return known;
  const requirement = resolve(declarationsOf(handler), declarationsOf(controller));
  let byController = resolved.get(handler);
  if (!byController) resolved.set(handler, (byController = new WeakMap()));
  byController.set(controller, requirement);
  return requirement;
}

const REQUIREMENT = Symbol('countersign.requirement');

/** What the route of a call requires. Looked up once for each call: its guards share the context. */
export function requirementOf(
  context: ExecutionContext & { [REQUIREMENT]?: RouteRequirement },
): RouteRequirement {
  return (context[REQUIREMENT] ??= routeRequirement(context.getHandler(), context.getClass()));
}

/**
 * The declarations of one class or handler. A subclass has those of its base class and, where it declares something
 * itself, adds to what that requires.
 */
export function declarationsOf(target: Target): readonly Declaration[] {
  const own = Reflect.getOwnMetadata(REQUIREMENT_METADATA, target) as readonly Declaration[] | undefined;
  const base = Object.getPrototypeOf(target) as Target | null;
  const inherited = base === null ? [] : declarationsOf(base);
  return own === undefined ? inherited : [...inherited.filter(requires), ...own];
}

/** True when one class or handler is declared public and guarded at once. */
export function contradictsItself(declarations: readonly Declaration[]): boolean {
  return declarations.some(isPublic) && !declarations.every(isPublic);
}

function resolve(onHandler: readonly Declaration[], onClass: readonly Declaration[]): RouteRequirement {
  if (onHandler.length > 0 && onHandler.every(isPublic)) return PUBLIC;
  const required = [...onClass, ...onHandler].filter((declaration) => !isPublic(declaration));
  if (required.some(requires)) return protect(required);
  return onClass.some(isPublic) ? PUBLIC : UNDECLARED;
}

function protect(declarations: readonly Declaration[]): ProtectedRequirement {
  const allOf = new Set<string>();
  const anyOf: (readonly string[])[] = [];
  const callers: CallerGroup[] = [];
  const reportOnly = new Set<ReportOnlyRule>();
  let audiences: readonly string[] | undefined;
  for (const declaration of declarations) {
    switch (declaration.kind) {
      case 'scopes':
        for (const scope of declaration.scopes) allOf.add(scope);
        break;
      case 'any-scope':
        anyOf.push(declaration.scopes);
        break;
      case 'callers':
        callers.push(callerGroup(declaration));
        break;
      case 'audience':
        audiences =
          audiences?.filter((name) => declaration.audiences.includes(name)) ?? declaration.audiences;
        break;
      case 'report-only':
        for (const rule of declaration.rules) reportOnly.add(rule);
        break;
      case 'authenticated':
        break;
      default:
        throw new TypeError(
          `Unknown declaration under ${REQUIREMENT_METADATA}: ${JSON.stringify(declaration)}`,
        );
    }
  }
  return Object.freeze({
    access: 'protected',
    allOf: [...allOf].sort(),
    anyOf,
    callers,
    audiences,
    ...(reportOnly.size > 0 && { reportOnly: [...reportOnly].sort() }),
  });
}

function callerGroup({ clients, issuers }: Extract<Declaration, { kind: 'callers' }>): CallerGroup {
  return issuers ? { clients, issuers } : clients;
}

function requires({ kind }: Declaration): boolean {
  return kind !== 'public' && kind !== 'report-only';
}

function isPublic(declaration: Declaration): boolean {
  return declaration.kind === 'public';
}
