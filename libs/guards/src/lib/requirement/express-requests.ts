import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CALLER } from './caller-store.js';

/**
 * Keeps the caller of an Express request in the `locals` of its response, not on it. V8 gives each request of Express a
 * hidden class of its own and copies that for every property that is added: writing two of them costs more than
 * recognising a token. So they are accessors of `app.request`, the prototype of the app's requests, which Express leaves to
 * its users to extend.
 */
@Injectable()
export class ExpressRequests implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    if (adapter?.getType() !== 'express') return;
    const { request } = adapter.getInstance<{ readonly request: object }>();
    for (const [key, accessor] of [
      [CALLER, caller],
      ['user', user],
    ] as const) {
      if (!(key in request)) Object.defineProperty(request, key, { configurable: true, ...accessor });
    }
  }
}

/** What was assigned to `user` where that is not the caller. */
const USER = Symbol('countersign.user');

interface ExpressRequest {
  /** Absent from the prototype itself. */
  readonly res?: { readonly locals: { [CALLER]?: unknown; [USER]?: { readonly value: unknown } } };
}

type Accessor = Required<Pick<PropertyDescriptor, 'get' | 'set'>> & ThisType<ExpressRequest>;

const caller: Accessor = {
  get() {
    return this.res?.locals[CALLER];
  },
  set(value) {
    localsOf(this)[CALLER] = value;
  },
};

const user: Accessor = {
  get() {
    const locals = this.res?.locals;
    const assigned = locals?.[USER];
    return assigned ? assigned.value : locals?.[CALLER];
  },
  set(value) {
    const locals = localsOf(this);
    if (value !== locals[CALLER] || locals[USER]) locals[USER] = { value };
  },
};

function localsOf({ res }: ExpressRequest): NonNullable<ExpressRequest['res']>['locals'] {
  if (!res) throw new Error('A caller can only be kept with a request that Express is answering.');
  return res.locals;
}
