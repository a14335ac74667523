import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { AccessTokenVerifier } from '@countersign/guards';
import { LoopbackIssuer } from '@countersign/testing';
import { createVerifier } from 'fast-jwt';
import { jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { type Bench, type BenchResult } from '../bench.js';
import { type Task, timeInProcess } from '../measure/in-process.js';
import { estimate } from '../measure/statistics.js';

const audience = 'https://things.example/';

/** What verifying one RS256 token costs in the process, beside the bare signature check. */
export const verifyBench: Bench = {
  name: 'verify',
  title: 'Verifying one RS256 token in the process',
  quick: true,
  run: async (effort, progress): Promise<BenchResult> => {
    await using issuer = await LoopbackIssuer.start({ apis: [{ audience, scopes: ['read:things'] }] });
    const token = await issuer.mint();
    const key = createPublicKey(issuer.signingKey().publicKey.export({ type: 'spki', format: 'pem' }));
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    const lastDot = token.lastIndexOf('.');
    const input = Buffer.from(token.slice(0, lastDot));
    const signature = Buffer.from(token.slice(lastDot + 1), 'base64url');
    const trusted = { issuers: [{ issuer: issuer.issuer, jwksUri: issuer.jwksUri }], audience };
    const cold = new AccessTokenVerifier({ ...trusted, cacheSize: 0 });
    const warm = new AccessTokenVerifier(trusted);
    await Promise.all([cold.verify(token), warm.verify(token)]);
    const expected = { issuer: issuer.issuer, audience };
    const fast = createVerifier({ key: pem, allowedIss: expected.issuer, allowedAud: audience }) as (
      token: string,
    ) => unknown;

    const tasks: Task[] = [
      { label: 'crypto.verify alone', run: () => verifySignature('sha256', input, key, signature) },
      { label: '@countersign/guards, never seen', run: () => cold.verify(token) },
      { label: '@countersign/guards, seen before', run: () => warm.recognise(token) },
      { label: 'jose', run: () => jwtVerify(token, key, expected) },
      { label: 'jsonwebtoken with PEM', run: () => jsonwebtoken.verify(token, pem, expected) },
      { label: 'fast-jwt', run: () => fast(token) },
    ];
    const micros = await timeInProcess(tasks, effort, progress);
    cold.close();
    warm.close();
    const bare = micros[0] ?? [];
    const relative = (times: readonly number[]): number[] =>
      times.map((time, round) => time / (bare[round] ?? Number.NaN));
    return {
      name: 'verify',
      title: 'Verifying one RS256 token in the process',
      rows: tasks.map(({ label }, index) => ({
        label,
        values: {
          µs: estimate(micros[index] ?? []).median,
          '× crypto.verify': estimate(relative(micros[index] ?? [])).median,
        },
      })),
      figures: [
        {
          name: 'verify: countersign never seen ÷ crypto.verify',
          estimate: estimate(relative(micros[1] ?? [])),
        },
        { name: 'verify: countersign seen before, µs', estimate: estimate(micros[2] ?? []) },
      ],
      notes: ['Median of each round’s median; one call at a time.'],
    };
  },
};
