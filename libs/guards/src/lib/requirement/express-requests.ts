import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CALLER } from './caller-store.js';

/**
 * Keeps the caller of an Express request beside it, not on it. V8 gives each request of Express a hidden class of its
 * own and copies that for every property that is added: writing two of them costs more than recognising a token. So they
 * are accessors of `app.request`, the prototype of the app's requests, which Express leaves to its users to extend.
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

type Accessor = Required<Pick<PropertyDescriptor, 'get' | 'set'>> & ThisType<object>;

const callers = new WeakMap<object, unknown>();
/** What was assigned to `user` where that is not the caller. */
const users = new WeakMap<object, { readonly value: unknown }>();

const caller: Accessor = {
  get() {
    return callers.get(this);
  },
  set(value) {
    callers.set(this, value);
  },
};

const user: Accessor = {
  get() {
    const assigned = users.get(this);
    return assigned ? assigned.value : callers.get(this);
  },
  set(value) {
    if (value !== callers.get(this) || users.has(this)) users.set(this, { value });
  },
};
