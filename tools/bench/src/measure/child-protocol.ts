/** What a server under load tells about itself. */
export interface Usage {
  /** User and system CPU time so far, microseconds. */
  readonly cpuMicros: number;
  /** Resident memory, bytes. */
  readonly rss: number;
  /** Heap in use, bytes. */
  readonly heapUsed: number;
}

export type ChildMessage = { kind: 'ready'; port: number } | { kind: 'usage'; usage: Usage };

/** In a server process: says that it is ready, then answers each question for its usage until the parent leaves. */
export function answerParent(port: number | string): void {
  const tell = (message: ChildMessage): void => void process.send?.(message);
  process.on('message', (question) => {
    if (question === 'usage after collection') globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    tell({ kind: 'usage', usage: { cpuMicros: user + system, rss, heapUsed } });
  });
  process.once('disconnect', () => process.exit(0));
  tell({ kind: 'ready', port: Number(port) });
}
