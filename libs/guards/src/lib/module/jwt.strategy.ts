import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { type SecretOrKeyProvider, Strategy } from 'passport-jwt';
import { AuthError } from '../errors/auth-error.js';
import { AccessRefusedException } from '../refusal/access-refused.exception.js';
import { type HttpSender, speaksDpop } from '../sender/http-sender.js';
import { bearerToken, dpopToken } from '../transports/bearer-token.js';
import type { HttpRequest } from '../transports/http-request.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { VerifiedToken } from '../verifier/verified-token.js';
import { AUTH_SETTINGS, type AuthSettings } from './auth-settings.js';
import { acceptVerifierAsKey } from './jwt-verifier.js';
import { TokenKey } from './token-key.js';

/** What the framework-neutral methods of a strategy look like while Passport runs it. */
interface RunningStrategy {
  fail(challenge?: unknown, status?: number): void;
  error(error: Error): void;
}

let instances = 0;

/**
 * passport-jwt's strategy with the rules of {@link AccessTokenVerifier}. It is registered with Passport under
 * `jwt`, so that `AuthGuard('jwt')` of `@nestjs/passport` works beside the guards of this package, and under a name
 * of its own for each `AuthModule`, so that two applications in one process do not share it.
 *
 * A token that fails ends in an {@link AccessRefusedException} whose `code` says why. A request without a token is
 * left to Passport, which asks the next strategy or answers 401.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) implements OnModuleDestroy {
  private readonly settings: AuthSettings;

  constructor(verifier: AccessTokenVerifier, @Inject(AUTH_SETTINGS) settings: AuthSettings) {
    acceptVerifierAsKey();
    const { sender } = settings;
    super({
      jwtFromRequest: (request: HttpRequest) => tokenOrNull(request, sender),
      secretOrKeyProvider: alwaysKey(verifier, sender),
    });
    this.settings = settings;
    this.name = `countersign-${++instances}`;
    passport.use(this);
  }

  override authenticate(request: Parameters<Strategy['authenticate']>[0], options?: unknown): void {
    const running = this as unknown as RunningStrategy;
    const fail = running.fail.bind(this);
    running.fail = (challenge, status) => {
      if (challenge instanceof AuthError) running.error(this.refusal(challenge, request));
      else fail(challenge, status);
    };
    try {
      super.authenticate(request, options);
    } catch (error) {
      running.error(error instanceof AuthError ? this.refusal(error, request) : (error as Error));
    }
  }

  /** The verified token is the caller, and what Passport puts on the request as `user`. */
  validate(token: VerifiedToken): VerifiedToken {
    return token;
  }

  onModuleDestroy(): void {
    passport.unuse(this.name);
  }

  private refusal(error: AuthError, request: Pick<HttpRequest, 'headers'>): AccessRefusedException {
    const scheme = this.settings.sender?.dpop && speaksDpop(request) ? 'DPoP' : 'Bearer';
    return new AccessRefusedException(error, this.settings.challenge, scheme);
  }
}

function tokenOrNull(request: HttpRequest, sender: HttpSender | undefined): string | null {
  try {
    return sender?.dpop && speaksDpop(request) ? dpopToken(request) : bearerToken(request);
  } catch (error) {
    if (error instanceof AuthError && error.code === 'token_missing') return null;
    throw error;
  }
}

/** The key that a token is verified with is the verifier, and it is always there. */
function alwaysKey(verifier: AccessTokenVerifier, sender: HttpSender | undefined): SecretOrKeyProvider {
  const bearer = new TokenKey(verifier);
  return (request: HttpRequest, _token, done) => {
    const key = sender ? new TokenKey(verifier, sender.evidence(request)) : bearer;
    done(null, key as unknown as Buffer);
  };
}
