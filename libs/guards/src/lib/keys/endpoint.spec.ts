import { describe, expect, it } from 'vitest';
import { endpointProblem } from './endpoint.js';

describe('endpointProblem', () => {
  it.each([
    'https://tenant.eu.auth0.com/',
    'https://keys.example:8443/jwks?tenant=a',
    'http://localhost:4100/',
    'http://issuer.localhost:4100/',
    'http://127.0.0.1:4100/',
    'http://127.8.9.10/',
    'http://[::1]:4100/',
  ])('has nothing against %s', (address) => {
    expect(endpointProblem(address)).toBeUndefined();
  });

  it.each([
    ['', 'absolute URL'],
    ['tenant.example', 'absolute URL'],
    [undefined, 'absolute URL'],
    [{}, 'absolute URL'],
    ['http://tenant.example/', 'https'],
    ['http://localhost.example/', 'https'],
    ['http://127.0.0.1.example/', 'https'],
    ['http://127.example/', 'https'],
    ['http://0.0.0.0/', 'https'],
    ['http://10.0.0.1/', 'https'],
    ['ftp://localhost/', 'https'],
    ['file:///etc/passwd', 'https'],
    ['data:application/json,{}', 'https'],
    ['https://user@tenant.example/', 'user'],
    ['https://user:secret@tenant.example/', 'user'],
    ['https://tenant.example/#keys', 'fragment'],
  ])('refuses %j', (address, problem) => {
    expect(endpointProblem(address)).toContain(problem);
  });
});
