import { Strategy } from 'passport-jwt';
import { TokenKey } from './token-key.js';

type JwtVerifier = (
  token: string,
  key: unknown,
  options: unknown,
  done: (error: unknown, payload?: unknown) => void,
) => void;

interface WithJwtVerifier {
  JwtVerifier: JwtVerifier;
}

const installed = new WeakSet<JwtVerifier>();

/**
 * Teaches passport-jwt that the key of a token may be a {@link TokenKey}: then the verifier does all of the work, and
 * its verified token is the payload. A strategy with any other key verifies as it did before.
 */
export function acceptVerifierAsKey(): void {
  const strategy = Strategy as unknown as WithJwtVerifier;
  const original = strategy.JwtVerifier;
  if (installed.has(original)) return;
  const verify: JwtVerifier = (token, key, options, done) => {
    if (!(key instanceof TokenKey)) return original(token, key, options, done);
    key.verify(token).then((verified) => done(null, verified), done);
  };
  installed.add(verify);
  strategy.JwtVerifier = verify;
}
