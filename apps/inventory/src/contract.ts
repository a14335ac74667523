import type contract from '../contract.json';

declare module '@countersign/contract' {
  interface Register {
    contract: typeof contract;
  }
}

/** The file that says what this service owns, whom it allows and whom it calls. */
export const contractFile = new URL('../contract.json', import.meta.url);
