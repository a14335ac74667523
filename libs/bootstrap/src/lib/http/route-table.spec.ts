import { describe, expect, it } from 'vitest';
import { RouteTable } from './route-table.js';

describe('RouteTable', () => {
  const routes = new RouteTable([
    { method: 'GET', path: '/orders' },
    { method: 'POST', path: '/orders' },
    { method: 'GET', path: '/orders/:id' },
    { method: 'DELETE', path: '/orders/:id' },
    { method: 'POST', path: '/orders/:id/fulfilment' },
    { method: 'GET', path: '/docs/*' },
  ]);

  it.each([
    ['/orders', ['GET', 'POST']],
    ['/orders/', []],
    ['/orders//fulfilment', []],
    ['/orders?page=2', ['GET', 'POST']],
    ['/orders/7', ['DELETE', 'GET']],
    ['/orders/7/fulfilment', ['POST']],
    ['/orders/7/other', []],
    ['/docs/x', []],
    ['/', []],
  ])('%s', (url, methods) => expect(routes.methodsAt(url)).toEqual(methods));
});
