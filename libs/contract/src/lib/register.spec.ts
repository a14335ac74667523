import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const register = fileURLToPath(new URL('./register.ts', import.meta.url));
const testOutput = fileURLToPath(new URL('../../test-output/', import.meta.url));

const contract = {
  service: 'orders',
  audience: 'https://orders.example',
  scopes: { 'read:orders': 'Read any order' },
  allows: { storefront: ['read:orders'] },
  calls: { inventory: ['read:stock'] },
};
const augmentation = `
import type contract from './contract.json';
declare module '@countersign/contract' {
  interface Register { contract: typeof contract }
}`;

let folder: string;
beforeAll(() => {
  mkdirSync(testOutput, { recursive: true });
  folder = mkdtempSync(join(testOutput, 'register-'));
  writeFileSync(join(folder, 'contract.json'), JSON.stringify(contract));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  types: [],
  lib: ['lib.es2023.d.ts'],
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  resolveJsonModule: true,
  paths: { '@countersign/contract': [register] },
};

/** A host that reads TypeScript's own library once for all programs. */
function hostWithLibrary(): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const library = new Map<string, ts.SourceFile | undefined>();
  const libraryFolder = host.getDefaultLibLocation?.() ?? '';
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    if (!name.startsWith(libraryFolder)) return read(name, ...rest);
    if (!library.has(name)) library.set(name, read(name, ...rest));
    return library.get(name);
  };
  return host;
}
const host = hostWithLibrary();

/** The codes of the errors that the compiler has with an app of this source. */
function compile(source: string, augmented = true): number[] {
  const file = join(folder, 'app.ts');
  const head = `import type { CalleeName, CallerName, ScopeName } from '@countersign/contract';
declare function requireScopes(...scopes: ScopeName[]): void;
declare function client(callee: CalleeName): void;
declare function callerIs(caller: CallerName): void;
`;
  writeFileSync(file, head + source);
  writeFileSync(join(folder, 'augmentation.ts'), augmented ? augmentation : 'export {};');
  const program = ts.createProgram([file, join(folder, 'augmentation.ts')], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ code }) => code);
}

/** Argument of type … is not assignable to parameter of type …. */
const notAssignable = 2345;

describe('Register', () => {
  it.each([
    ['requireScopes', 'read:orders', 'raed:orders'],
    ['requireScopes', 'read:orders', 'read:stock'],
    ['client', 'inventory', 'billing'],
    ['client', 'inventory', 'storefront'],
    ['callerIs', 'storefront', 'inventory'],
  ])('lets %s(%j) compile and not %j', (name, right, wrong) => {
    expect(compile(`${name}('${right}');`)).toEqual([]);
    expect(compile(`${name}('${wrong}');`)).toEqual([notAssignable]);
  });

  it('lets any string compile where no contract is registered', () => {
    expect(compile(`requireScopes('any'); client('any'); callerIs('any');`, false)).toEqual([]);
  });

  it('lets a pure client own no scope', () => {
    writeFileSync(
      join(folder, 'contract.json'),
      JSON.stringify({ service: 'job', calls: { inventory: ['read:stock'] } }),
    );
    expect(compile(`client('inventory');`)).toEqual([]);
    expect(compile(`requireScopes('read:orders');`)).toEqual([notAssignable]);
    writeFileSync(join(folder, 'contract.json'), JSON.stringify(contract));
  });
});
