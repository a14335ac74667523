import { HealthIndicatorService } from '@nestjs/terminus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyServer } from '../../../test/support/core/key-server.js';
import { Signer } from '../../../test/support/core/signer.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import { KeySetHealthIndicator } from './key-set.health-indicator.js';

let server: KeyServer;
let verifier: AccessTokenVerifier;
let now: number;

beforeEach(async () => {
  now = Date.now();
  server = await KeyServer.start([Signer.create('ES256', 'k').publicJwk]);
  verifier = new AccessTokenVerifier({
    issuers: [{ issuer: server.issuer, jwksUri: server.jwksUri }],
    audience: 'https://orders.example',
    clock: () => now,
  });
});

afterEach(async () => {
  verifier.close();
  await server.stop();
});

const healthy = (options?: { degradedAfterSeconds?: number }) =>
  new KeySetHealthIndicator(verifier, new HealthIndicatorService()).isHealthy('keys', options);

function wouldBreak(): void {
  server.fault = (_request, response) => void response.writeHead(500).end('secret reason');
}

describe('KeySetHealthIndicator', () => {
  it('is up with fresh keys, and says how old they are', async () => {
    await verifier.prefetch();
    now += 1_500;
    expect(healthy()).toEqual({
      keys: { status: 'up', issuers: { [server.issuer]: { usable: true, keys: 1, ageSeconds: 1 } } },
    });
  });

  it('is down while there are no keys', async () => {
    expect(healthy()).toMatchObject({ keys: { status: 'down' } });
    wouldBreak();
    await verifier.prefetch();
    expect(healthy()).toMatchObject({
      keys: { status: 'down', issuers: { [server.issuer]: { usable: false, keys: 0 } } },
    });
  });

  it('is degraded, not down, while the issuer is away and its last keys are in use', async () => {
    await verifier.prefetch();
    wouldBreak();
    await expect(verifier.reload()).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(healthy()).toMatchObject({ keys: { status: 'degraded' } });
    expect(JSON.stringify(healthy())).not.toMatch(/500|secret/);
    server.fault = undefined;
    await verifier.reload();
    expect(healthy()).toMatchObject({ keys: { status: 'up' } });
  });

  it('is degraded once the keys are older than they may be, and down once they are too old to use', async () => {
    await verifier.prefetch();
    now += 61_000;
    expect(healthy()).toMatchObject({ keys: { status: 'up' } });
    expect(healthy({ degradedAfterSeconds: 60 })).toMatchObject({ keys: { status: 'degraded' } });
    now += 86_400_000;
    expect(healthy()).toMatchObject({ keys: { status: 'down' } });
  });
});
