import { UseGuards } from '@nestjs/common';
import { ScopesGuard } from '../guards/scopes.guard.js';
import { type Declaration, REQUIREMENT_METADATA } from '../requirement/declaration.js';

/** A decorator for a controller class or one of its handlers. */
export type RequirementDecorator = ClassDecorator & MethodDecorator;

/**
 * Appends one declaration to a class or a handler. Whatever requires something also brings {@link ScopesGuard} to
 * its target, so that a declared route is never reachable where the guards of the whole app do not run.
 */
export function declare(declaration: Declaration): RequirementDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const subject = (descriptor?.value as object | undefined) ?? target;
    const before = ownDeclarations(subject);
    Reflect.defineMetadata(REQUIREMENT_METADATA, [...before, declaration], subject);
    if (declaration.kind === 'public' || before.some(({ kind }) => kind !== 'public')) return;
    const guard = UseGuards(ScopesGuard);
    if (descriptor && key !== undefined) guard(target, key, descriptor);
    else (guard as ClassDecorator)(target as never);
  };
}

function ownDeclarations(subject: object): readonly Declaration[] {
  return (Reflect.getOwnMetadata(REQUIREMENT_METADATA, subject) as readonly Declaration[] | undefined) ?? [];
}
