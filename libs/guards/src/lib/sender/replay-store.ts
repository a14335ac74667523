/**
 * Remembers the proofs that were used, so that none is used twice (RFC 9449 §11.1). One that is asked and cannot
 * answer must reject, or answer `false`: a proof that cannot be remembered is not accepted.
 */
export interface ReplayStore {
  /**
   * Notes a proof, unless it is known.
   *
   * @param id stands for one proof of one key
   * @param seconds for how long it must be remembered
   * @param jkt the thumbprint of the key that signed it (RFC 7638): who a flood comes from
   * @returns true when the proof was not used before
   */
  use(id: string, seconds: number, jkt: string): boolean | Promise<boolean>;
}
