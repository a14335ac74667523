import { describe, expect, it } from 'vitest';
import { findRoute, type RegisteredRoute } from './route-registry.js';

const routes = [
  'ALL /webhooks/*rest',
  'DELETE /orders/:id',
  'GET /',
  'GET /orders/:id',
  'GET /orders/:id/items/:item',
  'GET /orders/prices',
].map((route): RegisteredRoute => ({ route, transport: 'http', requirement: { access: 'public' } }));
routes.push({ route: 'RPC {"cmd":"sum"}', transport: 'rpc', requirement: { access: 'public' } });

describe('findRoute', () => {
  it.each([
    ['GET /orders/:id', 'GET /orders/:id'],
    ['GET /orders/7', 'GET /orders/:id'],
    ['get /orders/7', 'GET /orders/:id'],
    ['GET /orders/7/', 'GET /orders/:id'],
    ['GET /orders/7?full=1', 'GET /orders/:id'],
    ['DELETE /orders/7', 'DELETE /orders/:id'],
    ['GET /orders/prices', 'GET /orders/prices'],
    ['GET /orders/7/items/8', 'GET /orders/:id/items/:item'],
    ['PUT /webhooks/a/b', 'ALL /webhooks/*rest'],
    ['GET /', 'GET /'],
    ['RPC {"cmd":"sum"}', 'RPC {"cmd":"sum"}'],
  ])('finds the route of %s', (name, route) => {
    expect(findRoute(routes, name)?.route).toBe(route);
  });

  it.each([
    'POST /orders/7',
    'GET /orders',
    'GET /orders//',
    'GET /orders/7/items',
    'RPC {"cmd":"add"}',
    'orders',
    '',
  ])('finds none for %j', (name) => {
    expect(findRoute(routes, name)).toBeUndefined();
  });
});
