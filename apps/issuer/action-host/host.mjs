/**
 * The process that runs one Action. Lines of JSON come in by standard input, and go out by standard output:
 *
 *     → {"name","code","grants"}          ← {"loaded":true} or {"loaded":false,"error":{"message","stack"}}
 *     → {"id","event","cache","now"}      ← {"id","claims","scopes"?,"denied"?,"cache","log"} or {"id","error","log"}
 *                                         ← {"idle":id} when nothing of the run is left to do
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { URL } from 'node:url';
import { createContext, Script } from 'node:vm';

const realmSource = readFileSync(new URL('./realm.js', import.meta.url), 'utf8');
const require = createRequire(import.meta.url);
const standardOutput = process.stdout;

/** @param {object} message */
const send = (message) => void standardOutput.write(`${JSON.stringify(message)}\n`);

/** @type {Map<number, NodeJS.Timeout>} */
const timers = new Map();

const context = createContext(Object.create(null), {
  name: 'action',
  codeGeneration: { strings: false, wasm: false },
});
const realm = new Script(realmSource, { filename: 'realm.js' }).runInContext(context)({
  /** @param {string} answer */
  report: (answer) => {
    standardOutput.write(`${answer}\n`);
    setImmediate(() => send({ idle: JSON.parse(answer).id }));
  },
  /** @param {number} id @param {number} milliseconds */
  startTimer: (id, milliseconds) =>
    void timers.set(
      id,
      setTimeout(() => realm.fire(id), milliseconds),
    ),
  /** @param {number} id */
  stopTimer: (id) => {
    clearTimeout(timers.get(id));
    timers.delete(id);
  },
});

/**
 * What the owner of the issuer granted by name: a global of Node, `require:<module>` or `env:<name>`.
 *
 * @param {readonly string[]} globals
 * @param {readonly string[]} modules
 * @param {Record<string, string>} env
 */
function grant(globals, modules, env) {
  for (const name of globals) context[name] = /** @type {any} */ (globalThis)[name];
  if (Object.keys(env).length > 0 && !('process' in context)) context.process = { env };
  if (modules.length === 0) return;
  context.require = (/** @type {unknown} */ name) => {
    const plain = String(name).replace(/^node:/, '');
    if (!modules.includes(plain))
      throw new Error(`${plain} is not granted: ISSUER_ACTIONS_ALLOW=require:${plain}`);
    return require(`node:${plain}`);
  };
}

/** @param {{ name: string; code: string; globals: string[]; modules: string[]; env: Record<string, string> }} action */
function load({ name, code, globals, modules, env }) {
  try {
    grant(globals, modules, env);
    const wrapped = `(function (exports, module) {${code}\n})`;
    const factory = new Script(wrapped, { filename: name, columnOffset: -29 }).runInContext(context);
    const module = new Script('({ exports: {} })').runInContext(context);
    factory(module.exports, module);
    realm.load(module.exports);
    send({ loaded: true });
  } catch (error) {
    const { name: kind, message, stack } = /** @type {Error} */ (error ?? {});
    send({
      loaded: false,
      error: { message: `${kind}: ${message}`.slice(0, 500), stack: String(stack).slice(0, 4_000) },
    });
  }
}

let loaded = false;
createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (loaded) return void realm.run(line);
    loaded = true;
    return void load(JSON.parse(line));
  })
  .on('close', () => process.exit());
