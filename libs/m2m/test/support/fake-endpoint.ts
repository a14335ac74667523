import { randomBytes } from 'node:crypto';
import {
  M2mError,
  type M2mErrorCode,
  type MintedToken,
  type TokenEndpoint,
  type TokenRequest,
} from '../../src/index.js';

/** A token endpoint whose every answer a test can choose. */
export class FakeEndpoint implements TokenEndpoint {
  readonly asked: TokenRequest[] = [];
  readonly signals: AbortSignal[] = [];
  expiresIn: unknown = 3600;
  /** Fails every request, where it is set. */
  failing: M2mError | undefined;
  /** The token that is handed out again and again, where it is set. */
  value: string | undefined;
  /** Waits before each answer, where it is set. */
  gate: Promise<void> | undefined;

  async mint(request: TokenRequest, signal: AbortSignal): Promise<MintedToken> {
    this.asked.push(request);
    this.signals.push(signal);
    await this.gate;
    if (this.failing) throw this.failing;
    const value = this.value ?? randomBytes(24).toString('hex');
    return { value, scheme: 'Bearer', scopes: request.scopes ?? [], expiresIn: this.expiresIn };
  }

  get mints(): number {
    return this.asked.length;
  }
}

export const refusal = (code: M2mErrorCode, retryAfter?: number): M2mError =>
  new M2mError(code, `the fake endpoint says ${code}`, retryAfter === undefined ? {} : { retryAfter });
