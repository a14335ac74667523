import { describe, expect, it } from 'vitest';
import { Authenticated } from '../decorators/authenticated.decorator.js';
import { CallerIs } from '../decorators/caller-is.decorator.js';
import { Public } from '../decorators/public.decorator.js';
import { ReportOnly } from '../decorators/report-only.decorator.js';
import { RequireAnyScope } from '../decorators/require-any-scope.decorator.js';
import { RequireAudience } from '../decorators/require-audience.decorator.js';
import { RequireScopes } from '../decorators/require-scopes.decorator.js';
import { contradictsItself, declarationsOf, routeRequirement, type Target } from './route-requirement.js';

const nothing = { access: 'protected', allOf: [], anyOf: [], callers: [], audiences: undefined };

function requirementOf(controller: Target, method = 'handler') {
  return routeRequirement((controller.prototype as Record<string, Target>)[method] as Target, controller);
}

describe('routeRequirement', () => {
  it('says that a handler without a declaration is undeclared', () => {
    class Controller {
      handler() {}
    }
    expect(requirementOf(Controller)).toEqual({ access: 'undeclared' });
  });

  it('collects what a handler declares', () => {
    class Controller {
      @RequireScopes('b', 'a')
      @RequireAnyScope('c', 'd')
      @CallerIs('inventory')
      @RequireAudience('https://a.example')
      handler() {}
    }
    expect(requirementOf(Controller)).toEqual({
      access: 'protected',
      allOf: ['a', 'b'],
      anyOf: [['c', 'd']],
      callers: [['inventory']],
      audiences: ['https://a.example'],
    });
  });

  it('tries out what class and handler name, and takes that alone for no requirement', () => {
    @ReportOnly('scope')
    class Controller {
      @RequireScopes('a')
      @ReportOnly('caller')
      handler() {}

      @ReportOnly()
      bare() {}

      @Public()
      open() {}
    }
    expect(requirementOf(Controller)).toEqual({ ...nothing, allOf: ['a'], reportOnly: ['caller', 'scope'] });
    expect(requirementOf(Controller, 'bare')).toEqual({ access: 'undeclared' });
    expect(requirementOf(Controller, 'open')).toEqual({ access: 'public' });
  });

  it('tries out every rule but the token itself where none is named', () => {
    class Controller {
      @Authenticated()
      @ReportOnly()
      handler() {}
    }
    const reportOnly = ['audience', 'caller', 'scope', 'sender'];
    expect(requirementOf(Controller)).toEqual({ ...nothing, reportOnly });
    expect(() => ReportOnly('signature' as never)).toThrow(TypeError);
  });

  it('adds what a handler declares to what its class does', () => {
    @RequireScopes('a')
    @CallerIs('inventory', 'storefront')
    class Controller {
      @RequireScopes('b')
      @CallerIs('inventory')
      handler() {}

      inherited() {}
    }
    expect(requirementOf(Controller)).toMatchObject({
      allOf: ['a', 'b'],
      callers: [['inventory', 'storefront'], ['inventory']],
    });
    expect(requirementOf(Controller, 'inherited')).toMatchObject({
      allOf: ['a'],
      callers: [['inventory', 'storefront']],
    });
  });

  it('narrows the audiences of a class to those that its handler names too', () => {
    @RequireAudience('a', 'b')
    class Controller {
      @RequireAudience('b', 'c')
      handler() {}
    }
    expect(requirementOf(Controller)).toMatchObject({ audiences: ['b'] });
  });

  it('opens a public handler of a guarded class', () => {
    @RequireScopes('a')
    class Controller {
      @Public()
      handler() {}
    }
    expect(requirementOf(Controller)).toEqual({ access: 'public' });
  });

  it('closes a guarded handler of a public class, and leaves its other handlers open', () => {
    @Public()
    class Controller {
      @Authenticated()
      handler() {}

      open() {}
    }
    expect(requirementOf(Controller)).toEqual(nothing);
    expect(requirementOf(Controller, 'open')).toEqual({ access: 'public' });
  });

  it('guards a handler that is declared public and guarded at once, and knows the contradiction', () => {
    class Controller {
      @Public()
      @RequireScopes('a')
      handler() {}
    }
    // eslint-disable-next-line @typescript-eslint/unbound-method -- only its metadata is read
    expect(contradictsItself(declarationsOf(Controller.prototype.handler))).toBe(true);
    expect(requirementOf(Controller)).toMatchObject({ access: 'protected', allOf: ['a'] });
  });

  it('keeps the classes apart that inherit one handler', () => {
    class Base {
      handler() {}
    }
    @RequireScopes('a')
    class First extends Base {}
    @RequireScopes('b')
    class Second extends Base {}
    expect(requirementOf(First)).toMatchObject({ allOf: ['a'] });
    expect(requirementOf(Second)).toMatchObject({ allOf: ['b'] });
    expect(requirementOf(First)).toMatchObject({ allOf: ['a'] });
    expect(requirementOf(Base)).toEqual({ access: 'undeclared' });
  });

  it('gives a subclass what its base class declares', () => {
    @RequireScopes('a')
    class Base {
      handler() {}
    }
    class Derived extends Base {}
    expect(requirementOf(Derived)).toMatchObject({ allOf: ['a'] });
  });

  it('adds what a subclass declares to what its base class requires, and never loosens that', () => {
    @RequireScopes('a')
    @ReportOnly()
    class Base {
      handler() {}
    }
    @Authenticated()
    class Authenticating extends Base {}
    @RequireScopes('b')
    class Scoped extends Authenticating {}
    @Public()
    class Open extends Base {}
    expect(requirementOf(Authenticating)).toMatchObject({ access: 'protected', allOf: ['a'] });
    expect(requirementOf(Scoped)).toMatchObject({ access: 'protected', allOf: ['a', 'b'] });
    expect(requirementOf(Scoped)).not.toHaveProperty('reportOnly');
    expect(requirementOf(Open)).toMatchObject({ access: 'protected', allOf: ['a'] });
    expect(contradictsItself(declarationsOf(Open))).toBe(true);
  });

  it('closes a subclass of a public class that requires something', () => {
    @Public()
    class Base {
      handler() {}
    }
    @RequireScopes('a')
    class Derived extends Base {}
    expect(requirementOf(Base)).toEqual({ access: 'public' });
    expect(requirementOf(Derived)).toMatchObject({ access: 'protected', allOf: ['a'] });
    expect(contradictsItself(declarationsOf(Derived))).toBe(false);
  });

  it('does not give an overriding handler what the overridden one declares', () => {
    class Base {
      @Public()
      handler() {}
    }
    class Derived extends Base {
      override handler() {}
    }
    expect(requirementOf(Base)).toEqual({ access: 'public' });
    expect(requirementOf(Derived)).toEqual({ access: 'undeclared' });
  });

  it('resolves a route once', () => {
    class Controller {
      @RequireScopes('a')
      handler() {}
    }
    expect(requirementOf(Controller)).toBe(requirementOf(Controller));
  });

  it('reads a public declaration that was written as plain metadata', () => {
    class Controller {
      handler() {}
    }
    Reflect.defineMetadata('countersign:requirement', [{ kind: 'public' }], Controller);
    expect(requirementOf(Controller)).toEqual({ access: 'public' });
  });

  it('refuses a declaration that it does not know', () => {
    class Controller {
      handler() {}
    }
    Reflect.defineMetadata('countersign:requirement', [{ kind: 'anyone' }], Controller);
    expect(() => requirementOf(Controller)).toThrow(/Unknown declaration/);
  });
});

describe('the decorators', () => {
  it.each<[string, () => unknown]>([
    // @ts-expect-error at least one scope
    ['RequireScopes', () => RequireScopes()],
    // @ts-expect-error at least one scope
    ['RequireAnyScope', () => RequireAnyScope()],
    // @ts-expect-error at least one client
    ['CallerIs', () => CallerIs()],
    // @ts-expect-error at least one audience
    ['RequireAudience', () => RequireAudience()],
  ])('@%s() does not compile without an argument, and throws', (name, decorate) => {
    expect(decorate).toThrow(`@${name}() needs at least one`);
  });

  it.each(['a b', '', ' ', 'a"', 'a\\', 'ä', 'a\n'])(
    '@RequireScopes() refuses %j, which is no scope',
    (scope) => {
      expect(() => RequireScopes('a')).not.toThrow();
      expect(() => RequireScopes(scope)).toThrow(TypeError);
    },
  );

  it('@CallerIs() refuses an empty name', () => {
    expect(() => CallerIs('inventory')).not.toThrow();
    expect(() => CallerIs(' ')).toThrow(TypeError);
    expect(() => CallerIs('inventory', { issuer: 'https://a.example/' })).not.toThrow();
    expect(() => CallerIs('inventory', { issuer: '' })).toThrow(TypeError);
    expect(() => CallerIs('inventory', { issuer: [] as never })).toThrow(TypeError);
    expect(() => CallerIs({ issuer: 'https://a.example/' } as never)).toThrow(TypeError);
  });
});
