import { expect } from 'vitest';
import { type Arena } from '../arena.js';
import { type ConformanceGroup, type Scenario } from '../conformance-case.js';
import { type Shot } from '../http-shot.js';

/** Other spellings of the guarded address, and headers that a proxy or a framework may take for it. */
const detours: readonly (readonly [id: string, title: string, shot: (path: string) => Shot])[] = [
  ['trailing-slash', 'a slash at the end', (path) => ({ path: `${path}/` })],
  ['double-slash', 'a slash more', (path) => ({ path: `/${path}` })],
  ['upper', 'upper case', (path) => ({ path: path.toUpperCase() })],
  ['dot', 'a dot segment', (path) => ({ path: `/.${path}` })],
  ['up', 'a way up and down', (path) => ({ path: `/health/live/../..${path}` })],
  ['up-encoded', 'an encoded way up', (path) => ({ path: `/health/live/%2e%2e/%2e%2e${path}` })],
  [
    'encoded',
    'an encoded letter',
    (path) => ({ path: `/%${path.charCodeAt(1).toString(16)}${path.slice(2)}` }),
  ],
  ['encoded-slash', 'an encoded slash', (path) => ({ path: `${path}%2f` })],
  [
    'double-encoded',
    'a letter encoded twice',
    (path) => ({ path: `/%25${path.charCodeAt(1).toString(16)}${path.slice(2)}` }),
  ],
  ['semicolon', 'a path parameter', (path) => ({ path: `${path};x=health` })],
  ['query', 'a query', (path) => ({ path: `${path}?health/live` })],
  ['nul', 'an encoded NUL', (path) => ({ path: `${path}%00` })],
  ['blank', 'an encoded blank', (path) => ({ path: `${path}%20` })],
  ['backslash', 'a backslash', (path) => ({ path: `\\${path.slice(1)}` })],
  ['extension', 'an extension', (path) => ({ path: `${path}.json` })],
  ['public-prefix', 'a public path before it', (path) => ({ path: `/health/live${path}` })],
  ['original-url', 'X-Original-URL', () => ({ headers: [['x-original-url', '/health/live']] })],
  ['rewrite-url', 'X-Rewrite-URL', () => ({ headers: [['x-rewrite-url', '/health/live']] })],
  ['method-override', 'X-HTTP-Method-Override', () => ({ headers: [['x-http-method-override', 'OPTIONS']] })],
  [
    'forwarded-user',
    'X-Forwarded-User',
    () => ({
      headers: [
        ['x-forwarded-user', 'admin'],
        ['x-remote-user', 'admin'],
      ],
    }),
  ],
  [
    'forwarded-for',
    'X-Forwarded-For',
    () => ({
      headers: [
        ['x-forwarded-for', '127.0.0.1'],
        ['x-real-ip', '127.0.0.1'],
      ],
    }),
  ],
  [
    'client-cert',
    'a forwarded certificate',
    () => ({
      headers: [
        ['x-client-cert', 'x'],
        ['x-ssl-client-verify', 'SUCCESS'],
      ],
    }),
  ],
];

const methods = ['HEAD', 'PUT', 'PATCH', 'DELETE', 'POST', 'GET', 'TRACE', 'PROPFIND', 'QUERY'];

async function expectClosed(arena: Arena, shot: Shot): Promise<void> {
  const { status } = await arena.fire(shot);
  expect(status, `${shot.method ?? ''} ${shot.path ?? ''} was answered ${status}`).toBeGreaterThanOrEqual(
    300,
  );
}

function closed(id: string, title: string, shot: (path: string) => Shot): Scenario {
  return {
    id: `route/${id}`,
    title: `no credentials and ${title}`,
    run: async (arena) => {
      const { path } = arena.options.request;
      await expectClosed(arena, shot(path));
      expect(arena.accepts((await arena.present(arena.mint())).status), 'The control must be accepted.').toBe(
        true,
      );
    },
  };
}

/** No other spelling of the request reaches the handler without a token. */
export const route: ConformanceGroup = {
  name: 'route',
  scenarios: [
    ...detours.map(([id, title, shot]) => closed(id, title, shot)),
    ...methods.map((method) =>
      closed(`method-${method.toLowerCase()}`, `the method ${method}`, () => ({ method })),
    ),
  ],
};
