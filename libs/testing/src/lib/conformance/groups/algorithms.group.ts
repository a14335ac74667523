import { bearer } from '../arena.js';
import { type ConformanceGroup } from '../conformance-case.js';
import { expectAccepted, expectRefused } from '../expectations.js';
import { invalidToken } from '../refusal.js';
import { type SigningAlgorithm } from '../../keys/signing-key.js';

/** Each algorithm that the service says it accepts (RFC 7518, section 3.1; RFC 8037). */
export function algorithms(accepted: readonly SigningAlgorithm[]): ConformanceGroup {
  return {
    name: 'algorithms',
    scenarios: accepted.map((alg) => ({
      id: `algorithms/${alg}`,
      title: `${alg} is accepted; with a bit turned, or under another key's kid, it is not`,
      run: async (arena) => {
        const token = await arena.mint({ alg });
        expectAccepted(arena, await arena.present(token));
        const [header = '', payload = '', signature = ''] = token.split('.');
        const turned = Buffer.from(signature, 'base64url');
        turned[5] = (turned[5] ?? 0) ^ 4;
        const attacks = [
          `${header}.${payload}.${turned.toString('base64url')}`,
          `${header}.${payload}.${Buffer.alloc(turned.length).toString('base64url')}`,
          ...(await Promise.all(
            accepted
              .filter((other) => other !== alg)
              .map((other) => arena.mint({ alg, kid: arena.issuer.signingKey(other).kid })),
          )),
        ];
        for (const attack of attacks) {
          const shot = bearer(attack);
          expectRefused(
            arena,
            await arena.fire(shot),
            shot,
            invalidToken('signature_invalid', 'alg_not_allowed', 'key_unknown'),
          );
        }
      },
    })),
  };
}
