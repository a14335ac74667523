import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { claimedClient, presentedSecret } from './presented-secret.js';

const grant_type = 'client_credentials';
const request = (headers: Record<string, string> = {}) => ({ headers }) as unknown as IncomingMessage;
const basic = (text: string) => request({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

describe('presentedSecret', () => {
  it('reads a secret in the body', () =>
    expect(presentedSecret(request(), { grant_type, client_id: 'shop', client_secret: 's' })).toEqual({
      clientId: 'shop',
      secret: 's',
    }));

  it.each([
    ['shop:s', { clientId: 'shop', secret: 's' }],
    ['shop:a:b', { clientId: 'shop', secret: 'a:b' }],
    ['my+shop:100%25', { clientId: 'my shop', secret: '100%' }],
  ])('reads %s in an Authorization header', (text, expected) => {
    expect(presentedSecret(basic(text), { grant_type })).toEqual(expected);
    expect(presentedSecret(basic(text), { grant_type, client_id: expected.clientId })).toEqual(expected);
  });

  it.each([
    ['no secret', request(), { grant_type, client_id: 'shop' }],
    ['no client', request(), { grant_type, client_secret: 's' }],
    ['another grant type', request(), { grant_type: 'password', client_id: 'shop', client_secret: 's' }],
    ['a proof of possession', request({ dpop: '' }), { grant_type, client_id: 'shop', client_secret: 's' }],
    [
      'a request of a page',
      request({ origin: 'https://evil.example' }),
      { grant_type, client_id: 'shop', client_secret: 's' },
    ],
    [
      'an assertion as well',
      request(),
      { grant_type, client_id: 'a', client_secret: 's', client_assertion: 'j' },
    ],
    ['the type of an assertion', basic('shop:s'), { grant_type, client_assertion_type: 'jwt' }],
    ['a secret twice', basic('shop:s'), { grant_type, client_id: 'shop', client_secret: 's' }],
    ['another client than the header', basic('shop:s'), { grant_type, client_id: 'sales' }],
    ['another scheme', request({ authorization: 'Bearer c2hvcDpz' }), { grant_type }],
    ['what is no base64', request({ authorization: 'Basic c2hvcDpz!' }), { grant_type }],
    ['base64 with stray bits', request({ authorization: 'Basic c2hvcDp=' }), { grant_type }],
    ['no colon', basic('shop'), { grant_type }],
    ['an empty secret', basic('shop:'), { grant_type }],
    ['an empty client', basic(':s'), { grant_type }],
    ['a broken escape', basic('shop:%zz'), { grant_type }],
    ['a control character', basic('shop:a%0ab'), { grant_type }],
    ['what is not ASCII', basic('shop:ä'), { grant_type }],
  ])('leaves %s to the protocol engine', (_name, from, parameters) =>
    expect(presentedSecret(from, parameters)).toBeUndefined(),
  );
});

describe('claimedClient', () => {
  it.each([
    ['in the body', request(), { client_id: 'shop' }, 'shop'],
    ['in the body, whatever the header says', basic('sales:s'), { client_id: 'shop' }, 'shop'],
    ['in an Authorization header', basic('shop:s'), {}, 'shop'],
    ['without a secret', basic('shop:'), {}, 'shop'],
    ['by an escape', basic('sh%6Fp:s'), {}, 'shop'],
    ['with a long secret', basic(`shop:${'s'.repeat(8_000)}`), {}, 'shop'],
    ['by a control character', basic('sh\0op:s'), {}, undefined],
    ['by an escaped control character', basic('sh%00op:s'), {}, undefined],
    ['by another scheme', request({ authorization: 'Bearer c2hvcDpz' }), {}, undefined],
    ['nowhere', request(), {}, undefined],
  ])('reads the client that is named %s', (_name, from, parameters, expected) =>
    expect(claimedClient(from, parameters)).toBe(expected),
  );
});
