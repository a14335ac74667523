import { type ModulesContainer, NestApplication } from '@nestjs/core';

interface HybridApp {
  readonly container: { getModules(): ModulesContainer };
}

type Connect = (
  this: HybridApp,
  options: object,
  hybridOptions?: { readonly inheritAppConfig?: boolean },
) => unknown;

/** What to do with a microservice that has none of the guards of its app, by the modules of the app. */
const watched = new WeakMap<ModulesContainer, () => void>();
const installed = new WeakSet<Connect>();

/**
 * Watches an app for `connectMicroservice()` without `{ inheritAppConfig: true }`. Such a microservice has a
 * configuration of its own, without the guards of the app, and Nest offers no later moment at which a provider could
 * see that: it shows neither the app nor its microservices to the modules. So the method itself is taught to ask.
 *
 * @param modules the modules of the app, as Nest injects them
 * @param found called before such a microservice is connected; what it throws reaches the caller of the method
 */
export function watchMicroservices(modules: ModulesContainer, found: () => void): void {
  watched.set(modules, found);
  const prototype = NestApplication.prototype as unknown as { connectMicroservice: Connect };
  const original = prototype.connectMicroservice;
  if (installed.has(original)) return;
  const connect: Connect = function (options, hybridOptions) {
    if (hybridOptions?.inheritAppConfig !== true) watched.get(this.container.getModules())?.();
    return original.call(this, options, hybridOptions);
  };
  installed.add(connect);
  prototype.connectMicroservice = connect;
}
