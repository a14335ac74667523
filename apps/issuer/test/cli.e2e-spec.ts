import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@countersign/testing';
import { runCli } from '../src/cli/cli.js';
import { salesAudience, stockAudience } from './support/contracts.js';
import { RunningIssuer } from './support/running-issuer.js';

describe('countersign-issuer', () => {
  let issuer: RunningIssuer;
  beforeAll(async () => (issuer = await RunningIssuer.start()));
  afterAll(() => issuer.dispose());

  async function run(args: string, env: Record<string, string> = {}) {
    let out = '';
    let err = '';
    const code = await runCli(args.split(' '), {
      env: {
        ISSUER_URL: issuer.url,
        ISSUER_DATA_DIR: issuer.dataDir,
        ISSUER_CONTRACTS: issuer.folder,
        ...env,
      },
      out: (text) => (out += text),
      err: (text) => (err += text),
    });
    return { code, out, err };
  }
  const json = async (args: string) => JSON.parse((await run(`${args} --json`)).out) as never;

  it('prints a token alone, or with everything that belongs to it', async () => {
    const { code, out } = await run(`token --client sales --audience ${stockAudience}`);
    expect(code).toBe(0);
    expect(decodeJwt(out.trim())).toMatchObject({ azp: 'sales', aud: stockAudience });
    expect(await json(`token --client shop --audience ${stockAudience} --scope read:stock`)).toMatchObject({
      token_type: 'Bearer',
      scope: 'read:stock',
      claims: { azp: 'shop' },
    });
  });

  it.each([
    ['a token that is refused', `token --client sales --audience ${salesAudience}`, /client-grant/],
    ['a client without a secret here', 'token --client nobody --audience a', /holds no secret/],
    ['a client id that is a path', 'token --client ../x --audience a', /holds no secret|must be a client id/],
    ['an option that is missing', 'token --client sales', /required option/],
    ['a command that there is not', 'dance', /unknown command/],
    ['a number out of range', 'events --take 1000', /from 1 to 100/],
    ['a reset without a yes', 'reset', /--yes/],
  ])('says what is wrong with %s', async (_name, args, message) => {
    expect(await run(args)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(message) as string,
    });
  });

  it('lists grants and events, as a table and as JSON', async () => {
    const { out } = await run('grants --client sales');
    expect(out.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^CLIENT_ID +AUDIENCE +SCOPE$/),
      expect.stringMatching(/^sales +https:\/\/stock\.example +read:stock$/),
    ]);
    expect(await json(`grants --audience ${stockAudience}`)).toHaveLength(2);
    await issuer.token('shop', { audience: 'nowhere' });
    expect(await json('events --refused --take 1')).toMatchObject([{ reason: 'audience_unknown' }]);
    expect((await run('events --client shop')).out).toContain('audience_unknown');
  });

  it('rotates keys', async () => {
    const { kid } = (await json('keys rotate')) as { kid: string };
    const { out } = await run(`token --client shop --audience ${stockAudience}`);
    expect(decodeProtectedHeader(out.trim()).kid).toBe(kid);
    expect((await run('keys list')).out).toMatch(new RegExp(`${kid} +RS256 +current`));
  });

  it('rotates the secret of a client, into its file and not onto the screen', async () => {
    const before = issuer.secret('shop');
    const { out } = await run('clients secret rotate shop');
    expect(issuer.secret('shop')).not.toBe(before);
    expect(out).toContain(join('secrets', 'shop'));
    expect(out).not.toContain(issuer.secret('shop'));
    expect((await run(`token --client shop --audience ${stockAudience}`)).code).toBe(0);
  });

  it('shows drift, exits with 1 for it, and resets it', async () => {
    expect(await run('drift')).toMatchObject({ code: 0 });
    const manage = await issuer.management();
    await manage('POST', 'api/v2/clients', { name: 'Stray' });
    await manage('DELETE', 'api/v2/clients/sales');
    const { code, out } = await run('drift');
    expect(code).toBe(1);
    expect(out).toMatch(/client +sales +deleted/);
    expect(await json('reset --yes')).toMatchObject({ reset: 2 });
    expect(await run('drift')).toMatchObject({ code: 0, out: 'All is as the contracts say.\n' });
    expect((await run(`token --client sales --audience ${stockAudience}`)).code).toBe(0);
  });

  describe('doctor', () => {
    it('finds nothing wrong with an issuer that is well', async () => {
      const { code, out } = await run('doctor');
      expect({ code, out }).toEqual({ code: 0, out: expect.not.stringContaining('FAIL') as string });
      expect(out).toMatch(/ok +clock +the clocks agree/);
    });

    it.each<[string, () => Promise<Record<string, string>>, string]>([
      ['a URL without its slash', async () => ({ ISSUER_URL: issuer.url.slice(0, -1) }), 'url'],
      [
        'another name of the same server',
        async () => ({ ISSUER_URL: issuer.url.replace('localhost', '127.0.0.1') }),
        'issuer',
      ],
      [
        'https where there is none',
        async () => ({ ISSUER_URL: issuer.url.replace('http:', 'https:') }),
        'issuer',
      ],
      [
        'a port where nothing listens',
        async () => ({ ISSUER_URL: `http://localhost:${await freePort()}/` }),
        'port',
      ],
      ['another data folder', async () => ({ ISSUER_DATA_DIR: join(issuer.folder, 'none') }), 'token'],
      [
        'a folder without contracts',
        async () => ({ ISSUER_CONTRACTS: join(issuer.folder, 'none') }),
        'contracts',
      ],
    ])('finds %s, and says how to mend it', async (_name, env, check) => {
      const { code, out } = await run('doctor --json', await env());
      expect(code).toBe(1);
      const findings = JSON.parse(out) as { check: string; ok: boolean; mend?: string }[];
      expect(findings.filter(({ ok }) => !ok)).toContainEqual(
        expect.objectContaining({ check, mend: expect.any(String) as string }),
      );
    });
  });

  it('says how to start an issuer that does not run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cli-'));
    try {
      const { code, err } = await run('grants', { ISSUER_URL: `http://localhost:${await freePort()}/` });
      expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/does not answer/) as string });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has a target of Nx for each command', async () => {
    const project = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
      nx: { targets: Record<string, { options?: { command: string } }> };
    };
    for (const target of Object.values(project.nx.targets)) {
      if (!target.options) continue;
      const [, , ...args] = target.options.command.split(' ');
      expect((await run([...args, '--help'].join(' '))).code).toBe(0);
    }
    expect(Object.keys(project.nx.targets)).toEqual(expect.arrayContaining(['token', 'doctor', 'drift']));
  });
});
