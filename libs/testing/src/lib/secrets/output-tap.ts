import { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { format } from 'node:util';
import { type OutputSource } from './leak-search.js';

type Listener = (source: OutputSource, text: string) => void;
type Undo = () => void;
type Method = (...args: unknown[]) => unknown;

/** Whatever can be written: text or bytes. */
function textOf(chunk: unknown): string {
  if (typeof chunk === 'string') return chunk;
  return chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : '';
}

function replace(target: object, name: string, make: (original: Method) => Method): Undo {
  const holder = target as Record<string, Method>;
  const original = holder[name] as Method;
  holder[name] = make(original);
  return () => {
    holder[name] = original;
  };
}

function tapConsole(listener: Listener): Undo[] {
  return ['log', 'info', 'warn', 'error', 'debug', 'trace'].map((name) =>
    replace(
      console,
      name,
      (original) =>
        function (this: unknown, ...args: unknown[]) {
          listener('console', `${format(...args)}\n`);
          return original.apply(this, args);
        },
    ),
  );
}

function tapStreams(listener: Listener): Undo[] {
  return (['stdout', 'stderr'] as const).map((name) =>
    replace(
      process[name],
      'write',
      (original) =>
        function (this: unknown, ...args: unknown[]) {
          listener(name, textOf(args[0]));
          return original.apply(this, args);
        },
    ),
  );
}

/** Loggers such as pino write to the descriptors of standard output and standard error, past the streams. */
function tapDescriptors(listener: Listener, mute: boolean): Undo[] {
  const fs = createRequire(import.meta.url)('node:fs') as object;
  const heard = ([descriptor, chunk]: unknown[]): number | undefined => {
    if (descriptor !== 1 && descriptor !== 2) return undefined;
    const text = textOf(chunk);
    listener('log', text);
    return mute ? Buffer.byteLength(text) : undefined;
  };
  const writeSync = (original: Method): Method =>
    function (this: unknown, ...args) {
      return heard(args) ?? original.apply(this, args);
    };
  const write = (original: Method): Method =>
    function (this: unknown, ...args) {
      const written = heard(args);
      if (written === undefined) return original.apply(this, args);
      const done = args.at(-1) as (error: null, written: number, chunk: unknown) => void;
      process.nextTick(done, null, written, args[1]);
      return undefined;
    };
  return [replace(fs, 'writeSync', writeSync), replace(fs, 'write', write)];
}

function tapChildren(listener: Listener): Undo[] {
  return [
    replace(
      ChildProcess.prototype,
      'spawn',
      (original) =>
        function (this: unknown, ...args: unknown[]) {
          const result = original.apply(this, args);
          const { stdout, stderr } = this as ChildProcess;
          for (const stream of [stdout, stderr])
            stream?.on('data', (chunk: unknown) => listener('child process', textOf(chunk)));
          return result;
        },
    ),
  ];
}

/**
 * Listens to everything that this process writes (console, standard output, standard error, logs) and that its child
 * processes write to it.
 *
 * @param options `mute`: logs go nowhere else
 * @returns what ends it
 */
export function tapOutput(listener: Listener, options: { readonly mute: boolean }): () => void {
  const undo = [
    ...tapConsole(listener),
    ...tapStreams(listener),
    ...tapDescriptors(listener, options.mute),
    ...tapChildren(listener),
  ];
  return () => {
    for (const each of undo) each();
  };
}
