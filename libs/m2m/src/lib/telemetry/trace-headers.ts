import { channel } from 'node:diagnostics_channel';
import { context, propagation } from '@opentelemetry/api';

/** Headers of a call, of axios or of `fetch`. */
interface MutableHeaders {
  has(name: string): boolean;
  set(name: string, value: string): unknown;
}

const undici = channel('undici:request:create');

/** Whether somebody else, such as an instrumentation of `fetch`, already adds headers to its requests. */
export const fetchIsInstrumented = (): boolean => undici.hasSubscribers;

/**
 * Passes the caller's trace on (`traceparent` and whatever else the app's propagator writes). Headers that are there
 * already stay, and credentials are never written. Without a propagator nothing happens.
 */
export function passTraceOn(headers: MutableHeaders): void {
  propagation.inject(context.active(), headers, {
    set(carrier, name, value) {
      if (!carrier.has(name) && !credentials.has(name.toLowerCase())) carrier.set(name, value);
    },
  });
}

const credentials = new Set(['authorization', 'dpop', 'host']);
