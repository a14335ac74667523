import type { InternalAxiosRequestConfig } from 'axios';
import { describe, expect, it } from 'vitest';
import { connectionOf } from './connection.js';
import { finalUrl } from './final-url.js';
import { pinnedUrl } from './pinned-url.js';

const to = (baseUrl: string) => connectionOf('inventory', { baseUrl, audience: 'https://inventory.example' });
const atRoot = to('https://inventory.example');
const below = to('https://inventory.example/api/v1');

/** Where a call with this URL goes. */
function target(url: string, connection = atRoot): string {
  const config = { url, baseURL: connection.base.href } as InternalAxiosRequestConfig;
  return pinnedUrl(finalUrl(config, connection), connection).href;
}

describe('a URL that would leave the connection', () => {
  it.each([
    'http://evil.example/steal',
    'HTTPS://evil.example/steal',
    'https://inventory.example.evil.example/',
    'https://inventory.example@evil.example/',
    'https://inventory.example:444/',
    'http://inventory.example/',
    'https://user@inventory.example/',
    'https://%65vil.example/',
    'https://ｅｖｉｌ.example/',
    '//evil.example/steal',
  ])('is refused: %s', (url) => {
    expect(() => target(url)).toThrow(expect.objectContaining({ code: 'origin_mismatch' }));
    expect(target('/stock')).toBe('https://inventory.example/stock');
  });

  it.each([
    '\\\\evil.example/steal',
    '/\\evil.example/steal',
    '\\/evil.example/steal',
    '/\t/evil.example/steal',
    '\t//evil.example/steal',
    ' //evil.example/steal',
    '/\n/evil.example',
    '@evil.example/',
    ':444/',
    '.evil.example/',
    'https:evil.example/',
    'javascript:alert(1)',
    'data:text/plain,x',
    '\\..\\admin',
    '/https://evil.example/',
  ])('is refused or stays where it belongs: %j', (url) => {
    for (const connection of [atRoot, below]) {
      let sent: URL | undefined;
      try {
        sent = new URL(target(url, connection));
      } catch (error) {
        expect(['origin_mismatch', 'ERR_INVALID_URL']).toContain((error as { code?: unknown }).code);
      }
      if (sent) {
        expect([sent.origin, sent.username]).toEqual(['https://inventory.example', '']);
        expect(sent.pathname.startsWith(connection.base.pathname)).toBe(true);
      }
    }
  });

  it.each(['/../admin', '/./../admin', '/%2e%2e/admin', '/.%2E/admin', '/x/..%2f..%2f../admin'])(
    'is refused where it climbs out of the base path: %s',
    (url) => {
      expect(() => target(url, below)).toThrow(expect.objectContaining({ code: 'origin_mismatch' }));
      expect(target('/stock/..x', below)).toBe('https://inventory.example/api/v1/stock/..x');
    },
  );
});
