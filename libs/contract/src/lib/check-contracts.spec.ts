import { describe, expect, it } from 'vitest';
import { checkContracts, checkOwnContract } from './check-contracts.js';
import type { Contract } from './contract.js';

const contract = (service: string, members: Partial<Contract> = {}): Contract => ({
  service,
  audience: `https://${service}.example`,
  scopes: {},
  allows: {},
  calls: {},
  ...members,
});
const client = (service: string, members: Partial<Contract> = {}) =>
  contract(service, { audience: undefined, ...members });

const orders = contract('orders', { calls: { inventory: ['read:stock'] } });
const inventory = contract('inventory', {
  scopes: { 'read:stock': 'Read', 'write:stock': 'Write' },
  allows: { orders: ['read:stock'] },
});

const check = (...contracts: Contract[]) =>
  checkContracts({
    contracts: contracts.map((each, index) => ({ contract: each, file: `${index}-${each.service}.json` })),
    findings: [],
  });
const places = (findings: ReturnType<typeof check>) =>
  findings.map(({ code, file, pointer }) => `${code} ${file}#${pointer}`);

describe('checkContracts', () => {
  it('finds nothing where need and consent meet', () => {
    expect(check(orders, inventory)).toEqual([]);
  });

  it('finds a call to a service that has no contract, and lists the choices', () => {
    const findings = check({ ...orders, calls: { inventori: ['read:stock'] } }, { ...inventory, allows: {} });
    expect(places(findings)).toEqual(['service_unknown 0-orders.json#/calls/inventori']);
    expect(findings[0]?.message).toContain('Known: inventory and orders.');
  });

  it('finds a permission for a client that has no contract', () => {
    expect(
      places(check(orders, { ...inventory, allows: { ...inventory.allows, partner: ['read:stock'] } })),
    ).toEqual(['service_unknown 1-inventory.json#/allows/partner']);
  });

  it('finds a call that the callee does not allow', () => {
    const greedy = { ...orders, calls: { inventory: ['read:stock', 'write:stock'] } };
    expect(places(check(greedy, inventory))).toEqual(['call_not_allowed 0-orders.json#/calls/inventory/1']);
  });

  it('finds a call to a callee that allows nobody', () => {
    expect(places(check(orders, { ...inventory, allows: {} }))).toEqual([
      'call_not_allowed 0-orders.json#/calls/inventory/0',
    ]);
  });

  it('finds a scope that the callee does not own, and says so only once', () => {
    const wrong = { ...orders, calls: { inventory: ['read:stock', 'raed:stock'] } };
    expect(places(check(wrong, inventory))).toEqual(['scope_unknown 0-orders.json#/calls/inventory/1']);
  });

  it('finds a permission for a scope that the service does not own', () => {
    const wrong = { ...inventory, allows: { orders: ['read:stock', 'raed:stock'] } };
    expect(places(check(orders, wrong))).toEqual(['scope_unknown 1-inventory.json#/allows/orders/1']);
  });

  it('warns of a permission that nobody uses', () => {
    const generous = { ...inventory, allows: { orders: ['read:stock', 'write:stock'] } };
    expect(check(orders, generous)).toMatchObject([
      { code: 'permission_unused', severity: 'warning', pointer: '/allows/orders/1' },
    ]);
  });

  it('finds a call to a pure client', () => {
    expect(places(check(contract('a', { calls: { job: ['x'] } }), client('job')))).toEqual([
      'service_not_callable 0-a.json#/calls/job',
    ]);
  });

  it('finds a name, an audience and a port that two contracts share, in both files', () => {
    const twin = contract('orders', { audience: 'https://a.example', port: 4101 });
    const other = contract('billing', { audience: 'https://a.example', port: 4101 });
    expect(places(check(contract('orders', { port: 4109 }), twin, other))).toEqual([
      'service_duplicate 0-orders.json#/service',
      'audience_duplicate 1-orders.json#/audience',
      'port_duplicate 1-orders.json#/port',
      'service_duplicate 1-orders.json#/service',
      'audience_duplicate 2-billing.json#/audience',
      'port_duplicate 2-billing.json#/port',
    ]);
  });

  it('passes on what loading found', () => {
    const finding = {
      code: 'json_malformed',
      severity: 'error',
      file: 'a.json',
      pointer: '',
      message: '',
    } as const;
    expect(checkContracts({ contracts: [], findings: [finding] })).toEqual([finding]);
  });
});

describe('checkOwnContract', () => {
  const codes = (own: Contract) =>
    checkOwnContract(own, 'contract.json').map(({ code, pointer }) => `${code} ${pointer}`);

  it('finds nothing in a sound contract, whatever the others say', () => {
    expect(codes(orders)).toEqual([]);
    expect(codes(client('job', { calls: { nobody: ['x'] } }))).toEqual([]);
  });

  it('refuses a pure client that owns or allows something', () => {
    const own = client('job', { scopes: { a: 'A' }, allows: { orders: ['a'] }, tokenLifetime: 60 });
    expect(codes(own)).toEqual([
      'audience_missing /allows',
      'audience_missing /scopes',
      'audience_missing /tokenLifetime',
    ]);
  });

  it('refuses a service that calls or allows itself', () => {
    const own = contract('orders', {
      scopes: { a: 'A' },
      allows: { orders: ['a'] },
      calls: { orders: ['a'] },
    });
    expect(codes(own)).toEqual(['self_call /allows/orders', 'self_call /calls/orders']);
    expect(check(own).every(({ code }) => code === 'self_call')).toBe(true);
  });

  it.each(['auth', 'm2m', 'm2m-redis', 'issuer', 'database'])('refuses the reserved name %s', (service) => {
    expect(codes(contract(service))).toEqual(['service_reserved /service']);
  });

  it.each(['authors', 'databases', 'issuers'])('accepts the name %s', (service) => {
    expect(codes(contract(service))).toEqual([]);
  });

  it.each(['read:read:orders', 'orders/orders/read'])('refuses the scope %s', (scope) => {
    expect(checkOwnContract(contract('orders', { scopes: { [scope]: 'x' } }), 'f')[0]?.code).toBe(
      'scope_prefix_repeated',
    );
    expect(codes(contract('orders', { scopes: { 'read:orders:read': 'x' } }))).toEqual([]);
  });
});
