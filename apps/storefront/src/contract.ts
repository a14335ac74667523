import type contract from '../contract.json';

declare module '@countersign/contract' {
  interface Register {
    contract: typeof contract;
  }
}

/** The file that says whom this client calls. */
export const contractFile = new URL('../contract.json', import.meta.url);
