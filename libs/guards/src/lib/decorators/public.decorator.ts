import { declare, type RequirementDecorator } from './declare.js';

/**
 * Opens a handler, or every handler of a class that requires nothing itself, to anybody. No token is looked at, and
 * there is no caller. It cannot stand beside a requirement on the same class or handler: that stops the boot.
 *
 * @example
 * ```ts
 * @Get('prices')
 * @Public()
 * prices() {}
 * ```
 */
export function Public(): RequirementDecorator {
  return declare({ kind: 'public' });
}
