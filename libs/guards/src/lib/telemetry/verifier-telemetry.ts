import { type BatchObservableResult, metrics, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { AuthError } from '../errors/auth-error.js';
import type { KeySetStatus } from '../keys/key-set-event.js';
import type { VerifierStats } from './tally.js';

/** The name of the instrumentation scope. */
const SCOPE = '@countersign/guards';

/** What is observed of a verifier. */
export interface Observed {
  stats(): VerifierStats;
  keySets(): readonly KeySetStatus[];
}

/** One verification in full; the issuer is filled in once it is known. */
export interface Attempt {
  issuer: string;
}

/**
 * Metrics and spans of a verifier through the OpenTelemetry API, which does nothing until an SDK is registered;
 * metrics need it before the verifier is made. Only full verifications are timed and traced. Labels are issuers and
 * codes, never a token, a subject or a client.
 *
 * Metrics: `countersign.auth.verify.duration` (s), `countersign.auth.accepted`, `countersign.auth.refused`,
 * `countersign.auth.reported`, `countersign.auth.recognisable`, `countersign.auth.cache.hit_ratio`,
 * `countersign.auth.keys.age` (s), `countersign.auth.keys.usable`.
 */
export class VerifierTelemetry {
  readonly #meter = metrics.getMeter(SCOPE);
  readonly #tracer = trace.getTracer(SCOPE);
  readonly #duration = this.#meter.createHistogram('countersign.auth.verify.duration', {
    unit: 's',
    description: 'Time to verify an access token in full, by issuer and outcome',
    advice: {
      explicitBucketBoundaries: [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 3],
    },
  });
  readonly #accepted = this.#meter.createObservableCounter('countersign.auth.accepted', {
    description: 'Access tokens accepted, recognised or verified in full',
  });
  readonly #refused = this.#meter.createObservableCounter('countersign.auth.refused', {
    description: 'Calls refused, by issuer and code',
  });
  readonly #reported = this.#meter.createObservableCounter('countersign.auth.reported', {
    description: 'Calls that would have been refused by a report-only rule, by issuer and code',
  });
  readonly #recognisable = this.#meter.createObservableGauge('countersign.auth.recognisable', {
    description: 'Verified tokens that are recognised at the moment',
  });
  readonly #hitRatio = this.#meter.createObservableGauge('countersign.auth.cache.hit_ratio', {
    description: 'Share of the accepted access tokens that were recognised, since the verifier was made',
  });
  readonly #keyAge = this.#meter.createObservableGauge('countersign.auth.keys.age', {
    unit: 's',
    description: 'Time since the key set of an issuer was fetched',
  });
  readonly #keysUsable = this.#meter.createObservableGauge('countersign.auth.keys.usable', {
    description: '1 where there are keys of the issuer to verify with, else 0',
  });
  readonly #instruments = [
    this.#accepted,
    this.#refused,
    this.#reported,
    this.#recognisable,
    this.#hitRatio,
    this.#keyAge,
    this.#keysUsable,
  ];
  readonly #observe = (result: BatchObservableResult): void => this.#report(result);

  constructor(private readonly observed: Observed) {
    this.#meter.addBatchObservableCallback(this.#observe, this.#instruments);
  }

  /** Times and traces one verification in full. */
  async measure<T>(attempt: Attempt, verification: () => Promise<T>): Promise<T> {
    const span = this.#tracer.startSpan('verify access token');
    const startedAt = performance.now();
    let outcome = 'accepted';
    try {
      return await verification();
    } catch (error) {
      outcome = error instanceof AuthError ? error.code : 'error';
      throw error;
    } finally {
      this.#duration.record((performance.now() - startedAt) / 1_000, { issuer: attempt.issuer, outcome });
      end(span, attempt.issuer, outcome);
    }
  }

  /** Stops being observed. */
  close(): void {
    this.#meter.removeBatchObservableCallback(this.#observe, this.#instruments);
  }

  #report(result: BatchObservableResult): void {
    const { recognised, verified, refused, reported, recognisable } = this.observed.stats();
    result.observe(this.#accepted, recognised, { how: 'recognised' });
    result.observe(this.#accepted, verified, { how: 'verified' });
    for (const { issuer, code, count } of refused) result.observe(this.#refused, count, { issuer, code });
    for (const { issuer, code, count } of reported) result.observe(this.#reported, count, { issuer, code });
    result.observe(this.#recognisable, recognisable);
    const accepted = recognised + verified;
    if (accepted > 0) result.observe(this.#hitRatio, recognised / accepted);
    for (const { issuer, usable, ageSeconds } of this.observed.keySets()) {
      result.observe(this.#keysUsable, usable ? 1 : 0, { issuer });
      if (ageSeconds !== undefined) result.observe(this.#keyAge, ageSeconds, { issuer });
    }
  }
}

function end(span: Span, issuer: string, outcome: string): void {
  span.setAttributes({ 'countersign.auth.issuer': issuer, 'countersign.auth.outcome': outcome });
  if (outcome !== 'accepted') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
  span.end();
}
