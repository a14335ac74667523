import { Inject, Injectable } from '@nestjs/common';
import { INTERCEPTORS_METADATA, SSE_METADATA } from '@nestjs/common/internal';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { discoverHandlers } from '../audit/handlers.js';
import { AUTH_SETTINGS, type AuthSettings } from '../module/auth-settings.js';
import type { Target } from '../requirement/route-requirement.js';
import { tokenLifetime } from './token-lifetime.interceptor.js';

/** `Transport.GRPC` of an optional package. */
const GRPC = 4;

/**
 * Gives {@link tokenLifetime} to the handlers whose answers may go on, before Nest reads what they are declared with:
 * those of `@Sse()` and of gRPC. An interceptor for the whole app would cost every other request.
 */
@Injectable()
export class StreamLifetimes {
  constructor(
    @Inject(AUTH_SETTINGS) settings: AuthSettings,
    discovery: DiscoveryService,
    scanner: MetadataScanner,
  ) {
    if (settings.reportOnly.has('token')) return;
    for (const { method } of discoverHandlers(discovery, scanner)) if (mayGoOn(method)) watch(method);
  }
}

function mayGoOn(method: Target): boolean {
  return (
    Reflect.getMetadata(SSE_METADATA, method) === true ||
    Reflect.getMetadata('microservices:transport', method) === GRPC
  );
}

/** Around the handler's own interceptors, so that what they add to the stream ends with it. */
function watch(method: Target): void {
  const own = (Reflect.getMetadata(INTERCEPTORS_METADATA, method) ?? []) as readonly unknown[];
  if (own.includes(tokenLifetime)) return;
  Reflect.defineMetadata(INTERCEPTORS_METADATA, [tokenLifetime, ...own], method);
}
