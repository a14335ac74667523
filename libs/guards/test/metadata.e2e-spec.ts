import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequireScopes } from '../src/index.js';
import { metadataUrl } from '../src/lib/metadata/protected-resource.js';
import { ADAPTERS, appModule, createApp, type RunningApp, startApp } from './support/app.js';
import { TestIssuer } from './support/issuer.js';

const contract = {
  service: 'orders',
  audience: 'https://orders.example',
  scopes: { 'write:orders': 'Place orders', 'read:orders': 'Read any order' },
};

@Controller('orders')
class OrdersController {
  @Get()
  @RequireScopes('read:orders')
  list() {
    return [];
  }
}

describe.each(ADAPTERS)('the metadata of RFC 9728 on %s', (adapter) => {
  let issuer: TestIssuer;
  let app: RunningApp;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
    const options = { issuer: issuer.url, contract, publicUrl: 'https://orders.example' };
    app = await startApp(adapter, options, [OrdersController]);
  });
  afterAll(async () => {
    await app?.close();
    await issuer?.close();
  });

  it('says who issues the tokens and what they can be for, to anybody', async () => {
    const response = await app.get('/.well-known/oauth-protected-resource');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      resource: 'https://orders.example',
      authorization_servers: [issuer.url],
      bearer_methods_supported: ['header'],
      scopes_supported: ['read:orders', 'write:orders'],
      resource_name: 'orders',
    });
  });

  it.each([
    [
      { dpop: true, mtls: true },
      { dpop_bound_access_tokens_required: false, tls_client_certificate_bound_access_tokens: true },
    ],
    [
      { required: true, dpop: { algorithms: ['ES256'] } },
      { dpop_signing_alg_values_supported: ['ES256'], dpop_bound_access_tokens_required: true },
    ],
  ] as const)('says how tokens may be bound to their sender: %j', async (sender, metadata) => {
    const options = { issuer: issuer.url, contract, publicUrl: 'https://orders.example', sender };
    const bound = await startApp(adapter, options, [OrdersController]);
    const response = await bound.get('/.well-known/oauth-protected-resource');
    expect(await response.json()).toMatchObject(metadata);
    await bound.close();
  });

  it('is named in the challenges', async () => {
    expect((await app.get('/orders')).headers.get('www-authenticate')).toBe(
      'Bearer realm="https://orders.example", resource_metadata="https://orders.example/.well-known/oauth-protected-resource"',
    );
  });

  it('is not there where the module does not know its public URL', async () => {
    const bare = await createApp(adapter, appModule({ issuer: issuer.url, contract }, [OrdersController]));
    await bare.listen(0, '127.0.0.1');
    const url = await bare.getUrl();
    expect((await fetch(`${url}/.well-known/oauth-protected-resource`)).status).toBe(404);
    expect((await fetch(`${url}/orders`)).headers.get('www-authenticate')).not.toContain('resource_metadata');
    await bare.close();
  });
});

describe('metadataUrl', () => {
  it.each([
    ['https://a.example', 'https://a.example/.well-known/oauth-protected-resource'],
    ['https://a.example/', 'https://a.example/.well-known/oauth-protected-resource'],
    ['https://a.example:8443/orders', 'https://a.example:8443/.well-known/oauth-protected-resource/orders'],
  ])('puts the well-known path of %s before its own', (publicUrl, url) => {
    expect(metadataUrl(publicUrl).href).toBe(url);
  });
});
