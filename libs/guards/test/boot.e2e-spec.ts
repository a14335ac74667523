import { Controller, Get, Logger, Post, type Type } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  AuthModule,
  type AuthModuleOptions,
  CallerIs,
  Public,
  RequireAudience,
  RequireScopes,
} from '../src/index.js';
import { ADAPTERS, appModule, createApp, startApp } from './support/app.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';

const contract = { service: 'orders', audience: AUDIENCE, scopes: { 'read:orders': 'Read any order' } };

@Controller('declared')
class DeclaredController {
  @Get()
  @RequireScopes('read:orders')
  read() {
    return { ok: true };
  }
}

@Controller('orders')
class UndeclaredController {
  @Get(':id')
  find() {
    return { open: true };
  }

  @Post(['a', 'b'])
  place() {
    return { open: true };
  }

  @MessagePattern({ cmd: 'sum' })
  sum() {
    return 0;
  }

  @Get('open')
  @Public()
  open() {
    return { open: true };
  }

  helper() {
    return 'not a handler';
  }
}

@WebSocketGateway()
class UndeclaredGateway {
  @SubscribeMessage('events')
  events() {
    return {};
  }
}

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await TestIssuer.start();
});
afterAll(() => issuer?.close());

async function boot(
  options: Partial<AuthModuleOptions>,
  controllers: Type[],
  providers: Type[] = [],
): Promise<Error | undefined> {
  const module = appModule({ issuer: issuer.url, contract, ...options }, controllers, providers);
  try {
    const app = await createApp('fastify', module);
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.init();
    await app.close();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

describe('the boot audit', () => {
  it('boots an app whose handlers all declare something', async () => {
    expect(await boot({}, [DeclaredController])).toBeUndefined();
  });

  it('stops the boot and names every handler that declares nothing, of every transport', async () => {
    const error = await boot({}, [DeclaredController, UndeclaredController], [UndeclaredGateway]);
    expect(error).toMatchObject({ name: 'BootAuditError', code: 'requirement_missing' });
    expect(error).toHaveProperty('findings', [
      'UndeclaredController.find GET /orders/:id: declares no requirement',
      'UndeclaredController.place POST /orders/a: declares no requirement',
      'UndeclaredController.place POST /orders/b: declares no requirement',
      'UndeclaredController.sum RPC {"cmd":"sum"}: declares no requirement',
      'UndeclaredGateway.events WS events: declares no requirement',
    ]);
    expect(error?.message).toContain('Potential solutions:');
  });

  it('stops the boot on a handler that is public and guarded at once', async () => {
    @Controller()
    class Contradiction {
      @Get()
      @Public()
      @RequireScopes('read:orders')
      read() {}
    }
    expect((await boot({}, [Contradiction]))?.message).toContain(
      'Contradiction.read GET /: is declared public and guarded at once',
    );
  });

  it('stops the boot on a scope that the contract does not own, and only where there is a contract', async () => {
    @Controller()
    class Unknown {
      @Get()
      @RequireScopes('raed:orders')
      read() {}
    }
    expect((await boot({}, [Unknown]))?.message).toContain(
      'Unknown.read GET /: requires the scope raed:orders, which the contract does not own',
    );
    expect(await boot({ contract: undefined, audience: AUDIENCE }, [Unknown])).toBeUndefined();
  });

  it('stops the boot on an audience that the service does not have', async () => {
    @Controller()
    class Foreign {
      @Get()
      @RequireAudience('https://elsewhere.example')
      read() {}
    }
    expect((await boot({}, [Foreign]))?.message).toContain(
      'requires an audience that this service does not have',
    );
    expect(await boot({ audience: [AUDIENCE, 'https://elsewhere.example'] }, [Foreign])).toBeUndefined();
  });

  it('stops the boot on a handler that no client may call', async () => {
    @Controller()
    @CallerIs('inventory')
    class Nobody {
      @Get()
      @CallerIs('storefront')
      read() {}
    }
    expect((await boot({}, [Nobody]))?.message).toContain('allows no client');
  });
});

describe('coverage', () => {
  afterEach(() => vi.restoreAllMocks());

  it('logs undeclared handlers and leaves them open where it only warns', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const options = { issuer: issuer.url, contract, coverage: 'warn' } as const;
    const app = await startApp('fastify', options, [DeclaredController, UndeclaredController]);
    try {
      expect(warn.mock.calls.map(([line]) => String(line))).toContain(
        "UndeclaredController.find GET /orders/:id: declares no requirement, and is open because coverage is 'warn'",
      );
      expect((await app.get('/orders/1')).status).toBe(200);
      expect((await app.get('/declared')).status).toBe(401);
    } finally {
      await app.close();
    }
  });
});

describe('the options', () => {
  it('need an audience', async () => {
    const bare = { ...contract, audience: undefined };
    expect(await boot({ contract }, [DeclaredController])).toBeUndefined();
    for (const audience of [undefined, '', [], ['']]) {
      const error = await boot({ contract: bare, audience }, [DeclaredController]);
      expect(error).toMatchObject({ code: 'options_invalid' });
      expect(error?.message).toContain('audience');
    }
  });

  it('report every problem at once', async () => {
    const error = await boot(
      {
        issuer: 'not a URL',
        audience: [],
        coverage: 'maybe' as never,
        realm: '',
        clockToleranceSeconds: 600,
      },
      [DeclaredController],
    );
    expect(error).toMatchObject({ name: 'AuthOptionsError', code: 'options_invalid' });
    for (const word of ['issuer', 'audience', 'coverage', 'realm', 'clockToleranceSeconds']) {
      expect(error?.message).toContain(word);
    }
  });

  it('refuse an option that they do not know, and several issuers beside one', async () => {
    expect((await boot({ audiance: AUDIENCE } as never, [DeclaredController]))?.message).toContain(
      'audiance',
    );
    const issuers = [{ issuer: issuer.url }];
    expect((await boot({ issuers }, [DeclaredController]))?.message).toContain('issuers');
    expect(await boot({ issuer: undefined, issuers }, [DeclaredController])).toBeUndefined();
  });

  it('come from a factory as well', async () => {
    class AppModule {}
    const imports = [AuthModule.forRootAsync({ useFactory: () => ({ issuer: issuer.url, contract }) })];
    const app = await createApp('fastify', { module: AppModule, imports, controllers: [DeclaredController] });
    await app.listen(0, '127.0.0.1');
    expect((await fetch(`${await app.getUrl()}/declared`)).status).toBe(401);
    await app.close();
  });
});

describe.each(ADAPTERS)('without AuthModule, on %s', (adapter) => {
  class Bare {}

  it('an app with a declared route does not boot', async () => {
    const app = createApp(adapter, { module: Bare, controllers: [DeclaredController] });
    await expect(app).rejects.toThrow(/ScopesGuard/);
  });
});
