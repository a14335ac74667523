import { EnvironmentError } from '../environment/environment.error.js';
import { redactText } from '../logging/redaction.js';
import { BootError } from './boot.error.js';

/**
 * What a service that cannot start writes to standard error: one block for people, without a stack.
 *
 * @param service its name, or the file of its contract where that could not be read
 * @param error why it cannot start
 * @param withStack whether to add where in the code it happened
 */
export function bootReport(service: string, error: unknown, withStack: boolean): string {
  const stack = withStack && error instanceof Error && error.stack ? `\n${error.stack}` : '';
  return redactText(`${headline(service, error)}${stack}\n`);
}

function headline(service: string, error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  if (error instanceof BootError) return `${service} cannot start: ${error.message}`;
  const message = error instanceof Error ? error.message : 'a value was thrown that is no error';
  return `${service} cannot start: ${message}`;
}

/**
 * Says why a server cannot listen.
 *
 * @returns a {@link BootError} for the errors of the system that have a plain remedy, else the error itself
 */
export function listenError(
  error: unknown,
  { host, port }: { readonly host: string; readonly port: number },
): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const message = `port ${port} on ${host} is taken. Stop what listens there, or set PORT to another port.`;
    return new BootError('port_taken', message, { cause: error });
  }
  if (code === 'EACCES') {
    const message = `it may not listen on port ${port}. Set PORT to a port above 1023.`;
    return new BootError('address_unusable', message, { cause: error });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    const message = `${host} is not an address of this machine. Set HOST to one, such as 127.0.0.1 or 0.0.0.0.`;
    return new BootError('address_unusable', message, { cause: error });
  }
  return error;
}
