import { describe, expect, it } from 'vitest';
import { bearerToken } from './bearer-token.js';
import type { HttpRequest } from './http-request.js';

const TOKEN = 'aaa.bbb.ccc';

function request(authorization?: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const rawHeaders = authorization === undefined ? [] : ['Authorization', authorization];
  return {
    url: '/orders',
    headers: { ...(authorization !== undefined && { authorization }) },
    rawHeaders,
    ...more,
  };
}

describe('bearerToken', () => {
  it.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER ${TOKEN}`, `Bearer   ${TOKEN}`, `bearer  ${TOKEN}`])(
    'takes the token out of "%s"',
    (header) => {
      expect(bearerToken(request(header))).toBe(TOKEN);
    },
  );

  it.each([
    undefined,
    'Basic abc',
    'DPoP abc',
    'Bearers abc',
    'X-Bearer abc',
    'Digest username="a", realm="b"',
  ])('takes "%s" for no credentials', (header) => {
    expect(() => bearerToken(request(header))).toThrow(expect.objectContaining({ code: 'token_missing' }));
  });

  it.each([
    '',
    ' ',
    'Bearer',
    'Bearer ',
    'Bearer,',
    `Bearer:${TOKEN}`,
    `Bearer\t${TOKEN}`,
    `Bearer \t${TOKEN}`,
    `bearer \t${TOKEN}`,
    `Bearer \u00a0${TOKEN}`,
    `bearer \u00a0${TOKEN}`,
    `Bearer ${TOKEN} ${TOKEN}`,
    `Bearer ${TOKEN},${TOKEN}`,
    `Bearer ${TOKEN}, Bearer ${TOKEN}`,
    `Basic abc, Bearer ${TOKEN}`,
    `Bearer "${TOKEN}"`,
    `Bearer token=${TOKEN}`,
    `Bearer ${TOKEN}\u00e9`,
    `Bearer =${TOKEN}`,
  ])('refuses the header "%s"', (header) => {
    expect(() => bearerToken(request(header))).toThrow(
      expect.objectContaining({ code: 'request_malformed' }),
    );
  });

  it('refuses a second header, on a request of Node and on one that wraps it', () => {
    const rawHeaders = ['host', 'x', 'Authorization', `Bearer ${TOKEN}`, 'AUTHORIZATION', 'Basic abc'];
    const twice = [{ rawHeaders }, { raw: { rawHeaders }, rawHeaders: undefined }] as Partial<HttpRequest>[];
    for (const more of twice) {
      expect(() => bearerToken(request(`Bearer ${TOKEN}`, more))).toThrow(
        expect.objectContaining({ code: 'request_malformed' }),
      );
    }
  });

  it('refuses a header that a server hands over as a list', () => {
    const list = { headers: { authorization: [`Bearer ${TOKEN}`] } };
    expect(() => bearerToken(request(undefined, list))).toThrow(
      expect.objectContaining({ code: 'request_malformed' }),
    );
  });

  it('reads a header value that only looks like a second header as a value', () => {
    const rawHeaders = ['x-note', 'authorization', 'Authorization', `Bearer ${TOKEN}`];
    expect(bearerToken(request(`Bearer ${TOKEN}`, { rawHeaders }))).toBe(TOKEN);
  });

  it.each<[string, Partial<HttpRequest>]>([
    ['query', { url: '/orders?access_token=x', query: { access_token: 'x' } }],
    ['query, empty', { url: '/orders?access_token=', query: { access_token: '' } }],
    [
      'query, repeated',
      { url: '/orders?access_token=x&access_token=y', query: { access_token: ['x', 'y'] } },
    ],
    [
      'form',
      {
        headers: {
          authorization: `Bearer ${TOKEN}`,
          'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
        },
        body: { access_token: 'x' },
      },
    ],
    [
      'form, in capitals',
      {
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'Application/X-WWW-Form-Urlencoded' },
        body: { access_token: 'x' },
      },
    ],
  ])('refuses a token that comes in the %s as well', (_, more) => {
    expect(bearerToken(request(`Bearer ${TOKEN}`))).toBe(TOKEN);
    expect(() => bearerToken(request(`Bearer ${TOKEN}`, more))).toThrow(
      expect.objectContaining({ code: 'request_malformed' }),
    );
  });

  it('leaves a field of a JSON body alone, and other parameters of a query', () => {
    const json = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const body = { access_token: 'a field of the domain' };
    expect(bearerToken(request(`Bearer ${TOKEN}`, { headers: json, body }))).toBe(TOKEN);
    const query = { url: '/orders?page=1', query: { page: '1' } };
    expect(bearerToken(request(`Bearer ${TOKEN}`, query))).toBe(TOKEN);
  });
});
