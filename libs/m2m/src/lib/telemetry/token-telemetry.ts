import { type BatchObservableResult, metrics } from '@opentelemetry/api';
import type { TokenEvent } from '../tokens/token-event.js';
import type { TokenStats } from '../tokens/token-stats.js';
import { scope } from './scope.js';

/**
 * Metrics of the tokens through the OpenTelemetry API, which does nothing until an SDK is registered; it must be before
 * the tokens are made. Labels are audiences and codes, never a token, a subject or a client.
 *
 * Metrics: `countersign.m2m.minted`, `countersign.m2m.served`, `countersign.m2m.saved`, `countersign.m2m.failed` (by
 * code), `countersign.m2m.dropped`, `countersign.m2m.mint.duration` (s), `countersign.m2m.usable` (s).
 */
export class TokenTelemetry {
  readonly #meter = metrics.getMeter(scope);
  readonly #duration = this.#meter.createHistogram('countersign.m2m.mint.duration', {
    unit: 's',
    description: 'Time until a token came, retries included',
    advice: { explicitBucketBoundaries: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 6] },
  });
  readonly #failed = this.#meter.createCounter('countersign.m2m.failed', {
    description: 'Times that no token could be had, by code; bridged where a token that still lived was used',
  });
  readonly #dropped = this.#meter.createCounter('countersign.m2m.dropped', {
    description: 'Tokens let go because a callee refused them as invalid',
  });
  readonly #minted = this.#meter.createObservableCounter('countersign.m2m.minted', {
    description: 'Tokens that the authorization server issued',
  });
  readonly #served = this.#meter.createObservableCounter('countersign.m2m.served', {
    description: 'Times that a held token was used and no token request was needed',
  });
  readonly #saved = this.#meter.createObservableCounter('countersign.m2m.saved', {
    description: 'Tokens that another instance minted and this one took from the shared cache',
  });
  readonly #usable = this.#meter.createObservableGauge('countersign.m2m.usable', {
    unit: 's',
    description: 'How long the token that lives longest may still be used',
  });
  readonly #instruments = [this.#minted, this.#served, this.#saved, this.#usable];
  readonly #observe = (result: BatchObservableResult): void => this.#report(result);

  /** @param stats what happened so far, by audience */
  constructor(private readonly stats: () => readonly TokenStats[]) {
    this.#meter.addBatchObservableCallback(this.#observe, this.#instruments);
  }

  /** Counts what the token manager did. */
  record(event: TokenEvent): void {
    if (event.type === 'minted') {
      const { audience, duration, refresh } = event;
      this.#duration.record(duration / 1_000, { audience, refresh });
    } else if (event.type === 'failed') {
      const { audience, code, bridged } = event;
      this.#failed.add(1, { audience, code, bridged });
    } else if (event.type === 'dropped') this.#dropped.add(1, { audience: event.audience });
  }

  /** Stops being observed. */
  close(): void {
    this.#meter.removeBatchObservableCallback(this.#observe, this.#instruments);
  }

  #report(result: BatchObservableResult): void {
    for (const { audience, minted, served, saved, usableFor } of this.stats()) {
      result.observe(this.#minted, minted, { audience });
      result.observe(this.#served, served, { audience });
      result.observe(this.#saved, saved, { audience });
      result.observe(this.#usable, usableFor, { audience });
    }
  }
}
