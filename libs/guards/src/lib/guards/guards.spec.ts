import type { ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from 'vitest';
import { Authenticated } from '../decorators/authenticated.decorator.js';
import { Public } from '../decorators/public.decorator.js';
import { RequireScopes } from '../decorators/require-scopes.decorator.js';
import { AuthSettings } from '../module/auth-settings.js';
import { callerOf, setCaller, setNobody } from '../requirement/caller-store.js';
import type { ReportOnlyRule } from '../requirement/report-only.js';
import type { Target } from '../requirement/route-requirement.js';
import { AudienceGuard } from './audience.guard.js';
import { ScopesGuard } from './scopes.guard.js';

class Controller {
  @RequireScopes('read:orders')
  guarded() {}

  @Authenticated()
  authenticated() {}

  @Public()
  open() {}

  undeclared() {}
}

const caller = {
  clientId: 'storefront',
  subject: 'storefront@clients',
  issuer: 'https://issuer.example/',
  scopes: new Set(['read:orders']),
  audience: ['https://orders.example'],
  expiresAt: 4_102_444_800,
  claims: {},
};

function settings(
  coverage: 'enforce' | 'warn' = 'enforce',
  audiences = ['https://orders.example'],
  reportOnly: readonly ReportOnlyRule[] = [],
): AuthSettings {
  const issuers = [{ issuer: 'https://issuer.example/' }];
  return new AuthSettings({
    issuers,
    audiences,
    realm: 'r',
    coverage,
    prefetch: false,
    publicUrl: undefined,
    contract: undefined,
    sender: {},
    reportOnly,
  });
}

function call(method: keyof Controller, request: object = {}, type = 'http'): ExecutionContext {
  const handler = (Controller.prototype as unknown as Record<string, Target>)[method] as Target;
  const context = new ExecutionContextHost([request, { header: () => undefined }], Controller, handler);
  context.setType(type);
  return context;
}

function authenticated(): object {
  const request = {};
  setCaller(request, caller);
  return request;
}

describe.each([
  ['AudienceGuard', AudienceGuard],
  ['ScopesGuard', ScopesGuard],
])('%s', (name, Guard) => {
  const enforcing = () => new Guard(settings());
  const warning = () => new Guard(settings('warn'));
  const trying = () => new Guard(settings('enforce', undefined, ['token']));

  it('lets a caller in that has what it takes', () => {
    expect(enforcing().canActivate(call('guarded', authenticated()))).toBe(true);
    expect(enforcing().canActivate(call('authenticated', authenticated()))).toBe(true);
  });

  it('throws where AccessTokenGuard did not run before it', () => {
    expect(() => enforcing().canActivate(call('guarded'))).toThrow(
      `${name} was reached without AccessTokenGuard`,
    );
  });

  it('is not taken in by a user that somebody else put on the request', () => {
    expect(() => enforcing().canActivate(call('guarded', { user: caller }))).toThrow(
      /without AccessTokenGuard/,
    );
  });

  it('lets a call go on that has no caller because that rule is report-only, until it has one', () => {
    const request = {};
    setNobody(request);
    expect(trying().canActivate(call('guarded', request))).toBe(true);
    expect(() => trying().canActivate(call('guarded', {}))).toThrow(/without AccessTokenGuard/);
    expect(() => enforcing().canActivate(call('guarded', request))).toThrow(/without AccessTokenGuard/);
    setCaller(request, { ...caller, scopes: new Set(), audience: [] });
    expect(() => enforcing().canActivate(call('guarded', request))).toThrow();
    setNobody(request);
    expect(callerOf(request)).toBeUndefined();
  });

  it('lets anybody into a public route', () => {
    expect(enforcing().canActivate(call('open'))).toBe(true);
  });

  it('keeps everybody out of an undeclared route, except where coverage only warns', () => {
    expect(warning().canActivate(call('undeclared'))).toBe(true);
    expect(() => enforcing().canActivate(call('undeclared', authenticated()))).toThrow(
      'declares no requirement',
    );
  });

  it('does not let through what comes over a transport that it does not know', () => {
    expect(() => enforcing().canActivate(call('guarded', authenticated(), 'carrier-pigeon'))).toThrow(
      /carrier-pigeon/,
    );
  });
});

describe('AudienceGuard', () => {
  it('refuses a token for another audience', () => {
    const guard = new AudienceGuard(settings('enforce', ['https://stock.example']));
    expect(() => guard.canActivate(call('guarded', authenticated()))).toThrow(
      expect.objectContaining({ code: 'audience_mismatch' }),
    );
  });

  it('refuses a token that is for another service, whatever is report-only', () => {
    const guard = new AudienceGuard(settings('enforce', ['https://stock.example'], ['audience']));
    expect(() => guard.canActivate(call('guarded', authenticated()))).toThrow(
      expect.objectContaining({ code: 'audience_mismatch' }),
    );
  });
});
