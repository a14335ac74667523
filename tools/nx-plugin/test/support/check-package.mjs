import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

/** Every path that a member of a manifest leads to. */
const targets = (value) =>
  typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap((member) => targets(member));

/** Checks that a tarball has what its manifest names and what npm shows, and nothing that is for its own workspace. */
export function checkPackage(tarball) {
  const run = (...args) => execFileSync('tar', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const files = new Set(run('-tzf', tarball).trim().split('\n'));
  const read = (path) => run('-xzOf', tarball, `package/${path}`);
  const manifest = JSON.parse(read('package.json'));
  const named = targets([manifest.exports, manifest.bin, manifest.generators, manifest['nx-migrations']]);
  const factories = manifest.generators
    ? targets(JSON.parse(read('generators.json')).generators).filter((value) => value.startsWith('./'))
    : [];
  for (const path of [...named, ...factories.map(withExtension), 'README.md', 'LICENSE'])
    assert.ok(files.has(`package/${path.replace(/^\.\//, '')}`), `${manifest.name} has no ${path}`);

  assert.equal(manifest.type, 'module');
  assert.ok(manifest.engines.node && manifest.license && manifest.description, manifest.name);
  assert.deepEqual(manifest.publishConfig, { access: 'public', provenance: true });
  for (const field of ['private', 'scripts', 'devDependencies', 'nx'])
    assert.equal(manifest[field], undefined, `${manifest.name} has ${field}`);
  assert.doesNotMatch(JSON.stringify(manifest.exports), /countersign\/source/);
  const needless = [...files].filter((file) =>
    /\.spec\.[a-z.]*[jt]s$|\.tsbuildinfo$|\/\.env$|\.(?:pem|key)$/.test(file),
  );
  assert.deepEqual(needless, [], manifest.name);
  return manifest;
}

const withExtension = (path) => (/\.[a-z]+$/.test(path) ? path : `${path}.js`);
