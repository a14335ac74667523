'use strict';

/**
 * What an Action sees, made inside the realm in which it runs. The functions of `host` take and give primitives only and
 * are never handed on, so that the Action meets no object of the process around it.
 *
 * @param {{
 *   report: (answer: string) => void;
 *   startTimer: (id: number, milliseconds: number) => void;
 *   stopTimer: (id: number) => void;
 * }} host
 */
({ report, startTimer, stopTimer }) => {
  const { stringify, parse } = JSON;
  const { defineProperty, freeze, keys } = Object;
  const { isArray } = Array;
  const { min, max } = Math;

  /** Bounds, in characters and in entries. */
  const maxLog = 100_000;
  const maxAnswer = 100_000;
  const maxTimers = 1_000;
  const maxScopes = 1_000;

  /** @type {Map<number, () => void>} */
  const timers = new Map();
  let lastTimer = 0;
  let log = '';
  /** @type {((error: unknown) => void) | undefined} */
  let failRun;

  /** @param {unknown} value */
  function textOf(value) {
    if (typeof value === 'string') return value;
    try {
      return (value instanceof Error ? `${value.name}: ${value.message}` : stringify(value)) ?? `${value}`;
    } catch {
      return '[unprintable]';
    }
  }

  /** @param {unknown[]} values */
  function write(...values) {
    if (log.length >= maxLog) return;
    let line = '';
    for (const value of values) line += `${line && ' '}${textOf(value).slice(0, maxLog)}`;
    log = `${log}${line}\n`.slice(0, maxLog);
  }

  /** @param {boolean} repeated */
  const timer =
    (repeated) =>
    /**
     * @param {(...values: unknown[]) => void} callback
     * @param {number} delay
     * @param {unknown[]} values
     */
    (callback, delay = 0, ...values) => {
      if (timers.size >= maxTimers) throw new RangeError(`at most ${maxTimers} timers`);
      const id = ++lastTimer;
      const milliseconds = min(max(+delay || 0, 1), 60_000);
      timers.set(id, () => {
        if (repeated) startTimer(id, milliseconds);
        else timers.delete(id);
        callback(...values);
      });
      startTimer(id, milliseconds);
      return id;
    };

  /** @param {number} id */
  function clear(id) {
    if (timers.delete(id)) stopTimer(id);
  }

  /** @param {string} code */
  const refusal = (code) =>
    class extends Error {
      /** @param {string} message */
      constructor(message) {
        super(message);
        this.code = code;
      }
    };

  const globals = {
    console: freeze({ log: write, info: write, warn: write, error: write, debug: write }),
    setTimeout: timer(false),
    setInterval: timer(true),
    clearTimeout: clear,
    clearInterval: clear,
    InvalidScopeError: refusal('invalid_scope'),
    InvalidRequestError: refusal('invalid_request'),
    ServerError: refusal('server_error'),
  };
  for (const name of /** @type {(keyof typeof globals)[]} */ (keys(globals))) {
    defineProperty(globalThis, name, { value: globals[name], writable: true, configurable: true });
  }

  /** @param {unknown} error */
  function describe(error) {
    try {
      const { name, message, stack } = /** @type {Error} */ (error);
      return {
        message: textOf(message === undefined ? error : `${name}: ${message}`).slice(0, 500),
        stack: textOf(stack ?? '').slice(0, 4_000),
      };
    } catch {
      return { message: 'a value was thrown that cannot be read', stack: '' };
    }
  }

  /**
   * @param {unknown} code
   * @param {unknown} reason
   */
  const denial = (code, reason) => ({
    code: textOf(code).slice(0, 100),
    reason: textOf(reason ?? '').slice(0, 500),
  });

  /**
   * One run: what the Action asked for, gathered.
   *
   * @param {any} input
   */
  function transaction({ event, cache, now }) {
    /** @type {{ denied?: object; claims: Record<string, unknown>; scopes?: string[]; cache: object[] }} */
    const answer = { claims: {}, cache: [] };
    let open = true;
    const ifOpen = (/** @type {() => void} */ act) => {
      if (open) act();
    };
    /** @param {unknown} scopes */
    const list = (scopes) => {
      if (!isArray(scopes) || scopes.length > maxScopes) throw new TypeError('scopes must be a list of text');
      return scopes.map(textOf);
    };
    const present = () => answer.scopes ?? list(event.accessToken.scope);
    const success = () => freeze({ type: 'success' });
    const api = freeze({
      access: freeze({
        /** @param {unknown} code @param {unknown} reason */
        deny: (code, reason) => ifOpen(() => (answer.denied ??= denial(code, reason))),
      }),
      accessToken: freeze({
        /** @param {string} name @param {unknown} value */
        setCustomClaim: (name, value) => ifOpen(() => (answer.claims[textOf(name)] = value ?? null)),
      }),
      transaction: freeze({
        /** @param {unknown} scopes */
        setTargetScopes: (scopes) => ifOpen(() => (answer.scopes = list(scopes))),
        /** @param {unknown} scope */
        addTargetScope: (scope) => ifOpen(() => (answer.scopes = list([...present(), scope]))),
        /** @param {unknown} scope */
        removeTargetScope: (scope) =>
          ifOpen(() => (answer.scopes = present().filter((each) => each !== scope))),
        clearTargetScopes: () => ifOpen(() => (answer.scopes = [])),
      }),
      cache: freeze({
        /** @param {string} key */
        get: (key) => {
          for (const entry of cache) if (entry.key === key) return { ...entry.record };
          return undefined;
        },
        /** @param {string} key @param {string} value @param {{ ttl?: number; expires_at?: number }} options */
        set: (key, value, options = {}) => {
          if (typeof value !== 'string' || value.length > 4_096 || textOf(key).length > 64)
            return { type: 'error', code: 'CacheSizeExceeded' };
          const ends = min(options.expires_at ?? now + (options.ttl ?? 900_000), now + 86_400_000);
          const kept = cache.filter((/** @type {{ key: string }} */ entry) => entry.key !== key);
          if (kept.length >= 20) return { type: 'error', code: 'ItemLimitExceeded' };
          cache = [...kept, { key: textOf(key), record: { value, expires_at: ends } }];
          ifOpen(() => (answer.cache = cache));
          return { ...success(), record: { value, expires_at: ends } };
        },
        /** @param {string} key */
        delete: (key) => {
          cache = cache.filter((/** @type {{ key: string }} */ entry) => entry.key !== key);
          ifOpen(() => (answer.cache = cache));
          return success();
        },
      }),
    });
    answer.cache = cache;
    return { api, answer, close: () => (open = false) };
  }

  /**
   * Calls a Hook, the form that Actions had before: `(client, scope, audience, context, callback)`.
   *
   * @param {(...values: unknown[]) => void} hook
   * @param {any} event
   * @param {ReturnType<typeof transaction>['api']} api
   */
  function callHook(hook, event, api) {
    return new Promise((resolve, reject) => {
      const { client_id: id, name, metadata } = event.client;
      const client = { id, name, tenant: event.tenant.id, metadata };
      const context = { webtask: { secrets: event.secrets }, body: event.request.body };
      /** @param {any} error @param {Record<string, unknown>} claims */
      const done = (error, claims = {}) => {
        if (error?.code !== undefined) api.access.deny(error.code, error.message);
        else if (error) return reject(error);
        for (const key of keys(claims)) {
          if (key === 'scope') api.transaction.setTargetScopes(claims[key]);
          else api.accessToken.setCustomClaim(key, claims[key]);
        }
        return resolve(undefined);
      };
      hook(client, [...event.accessToken.scope], event.resource_server.identifier, context, done);
    });
  }

  /** @type {(event: unknown, api: any) => unknown} */
  let handler;

  return freeze({
    /**
     * Finds the handler among what the file exports.
     *
     * @param {any} exported
     */
    load(exported) {
      const action = exported?.onExecuteCredentialsExchange;
      if (typeof action === 'function') handler = action;
      else if (typeof exported === 'function') handler = (event, api) => callHook(exported, event, api);
      else throw new TypeError('the file exports no onExecuteCredentialsExchange');
    },

    /** @param {string} text */
    run(text) {
      const { id, ...input } = parse(text);
      const { api, answer, close } = transaction(input);
      let settled = false;
      /** @param {object} outcome */
      const settle = (outcome) => {
        if (settled) return;
        settled = true;
        close();
        failRun = undefined;
        for (const timerId of timers.keys()) clear(timerId);
        const written = log;
        log = '';
        let result;
        try {
          result = stringify({ id, ...outcome, log: written });
        } catch (error) {
          result = stringify({ id, error: describe(error), log: '' });
        }
        if (result.length > maxAnswer + maxLog)
          result = stringify({
            id,
            error: { message: 'the Action answered more than 100 kB', stack: '' },
            log: '',
          });
        report(result);
      };
      failRun = (error) => settle({ error: describe(error) });
      const run = async () => handler(input.event, api);
      run().then(() => settle(answer), failRun);
    },

    /** @param {number} id */
    fire(id) {
      try {
        timers.get(id)?.();
      } catch (error) {
        failRun?.(error);
      }
    },
  });
};
