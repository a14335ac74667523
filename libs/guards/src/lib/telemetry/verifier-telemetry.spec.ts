import { metrics, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyServer } from '../../../test/support/core/key-server.js';
import { type Json, Signer } from '../../../test/support/core/signer.js';
import { AuthError } from '../errors/auth-error.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';

const AUDIENCE = 'https://orders.countersign.example';
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const meters = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
});
const spans = new InMemorySpanExporter();
const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });

let server: KeyServer;
let signer: Signer;
let verifier: AccessTokenVerifier;

beforeAll(async () => {
  metrics.setGlobalMeterProvider(meters);
  trace.setGlobalTracerProvider(tracers);
  signer = Signer.create('RS256', 'k');
  server = await KeyServer.start([signer.publicJwk]);
  verifier = new AccessTokenVerifier({
    issuers: [{ issuer: server.issuer, jwksUri: server.jwksUri }],
    audience: AUDIENCE,
  });
});

afterAll(async () => {
  verifier.close();
  await server.stop();
  await Promise.all([meters.shutdown(), tracers.shutdown()]);
  metrics.disable();
  trace.disable();
});

function token(changes: Json = {}): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: server.issuer,
    sub: 'secret-subject',
    aud: AUDIENCE,
    iat: now,
    exp: now + 60,
    azp: 'secret-client',
  };
  return signer.token({ ...claims, ...changes });
}

async function points(): Promise<Record<string, unknown[]>> {
  exporter.reset();
  await meters.forceFlush();
  const all = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  return Object.fromEntries(
    all.map(({ descriptor, dataPoints }) => [
      descriptor.name.replace('countersign.auth.', ''),
      dataPoints.map(({ attributes, value }) => ({
        ...attributes,
        value: typeof value === 'number' ? value : value.count,
      })),
    ]),
  );
}

describe('what is observed of a verifier', () => {
  it('counts, times and traces, and names no token, subject or client', async () => {
    const good = token();
    await verifier.verify(good);
    await verifier.verify(good);
    verifier.recognise(good);
    await expect(verifier.verify(token({ aud: 'other' }))).rejects.toMatchObject({
      code: 'audience_mismatch',
    });
    await expect(verifier.verify('junk')).rejects.toMatchObject({ code: 'token_malformed' });

    const { issuer } = server;
    expect(verifier.stats()).toEqual({
      recognised: 2,
      verified: 1,
      refused: [
        { issuer, code: 'audience_mismatch', count: 1 },
        { issuer, code: 'token_malformed', count: 1 },
      ],
      reported: [],
      recognisable: 1,
    });
    const seen = await points();
    expect(seen).toMatchObject({
      accepted: [
        { how: 'recognised', value: 2 },
        { how: 'verified', value: 1 },
      ],
      refused: [
        { issuer, code: 'audience_mismatch', value: 1 },
        { issuer, code: 'token_malformed', value: 1 },
      ],
      'verify.duration': [
        { issuer, outcome: 'accepted', value: 1 },
        { issuer, outcome: 'audience_mismatch', value: 1 },
        { issuer, outcome: 'token_malformed', value: 1 },
      ],
      recognisable: [{ value: 1 }],
      'cache.hit_ratio': [{ value: 2 / 3 }],
      'keys.usable': [{ issuer, value: 1 }],
      'keys.age': [{ issuer }],
    });
    const traced = spans.getFinishedSpans().map(({ name, attributes }) => ({ name, ...attributes }));
    expect(traced.map((span) => span['countersign.auth.outcome' as never])).toEqual([
      'accepted',
      'audience_mismatch',
      'token_malformed',
    ]);
    expect(JSON.stringify([seen, traced])).not.toMatch(/secret-|eyJ/);
  });

  it('counts what the guards refuse, and apart from it what they only report', async () => {
    const { issuer } = server;
    const own = new AccessTokenVerifier({
      issuers: [{ issuer, jwksUri: server.jwksUri }],
      audience: AUDIENCE,
    });
    own.countRefusal(new AuthError('token_missing'));
    own.countRefusal(new AuthError('scope_missing'), issuer);
    own.countReport(new AuthError('scope_missing'), issuer);
    own.countReport(new AuthError('scope_missing'), issuer);
    await expect(own.verify('junk', { uncounted: true })).rejects.toMatchObject({ code: 'token_malformed' });
    expect(own.stats()).toMatchObject({
      refused: [
        { issuer, code: 'token_missing', count: 1 },
        { issuer, code: 'scope_missing', count: 1 },
      ],
      reported: [{ issuer, code: 'scope_missing', count: 2 }],
    });
    expect(await points()).toMatchObject({ reported: [{ issuer, code: 'scope_missing', value: 2 }] });
    own.close();
  });

  it('counts a token of no known issuer under one label, whatever it names', async () => {
    const two = new AccessTokenVerifier({
      issuers: [{ issuer: server.issuer, jwksUri: server.jwksUri }, { issuer: 'https://second.example/' }],
      audience: AUDIENCE,
    });
    for (let index = 0; index < 5; index++) {
      await expect(two.verify(token({ iss: `https://evil-${index}.example/` }))).rejects.toMatchObject({
        code: 'issuer_mismatch',
      });
    }
    await expect(two.verify(token({ exp: 1 }))).rejects.toMatchObject({ code: 'token_expired' });
    expect(two.stats().refused).toEqual([
      { issuer: 'unknown', code: 'issuer_mismatch', count: 5 },
      { issuer: server.issuer, code: 'token_expired', count: 1 },
    ]);
    two.close();
  });
});
