// Generated from apps/orders/openapi.json by `nx sync`. Do not edit.
// sha256 e4b9d704a76f854d1d964fad7e32ebdf b5cc1be841e8afbe29170eaac3c563a2
import { InjectM2m } from '@countersign/m2m';
import type { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { isAxiosError, type AxiosError, type AxiosRequestConfig, type AxiosResponse } from 'axios';

export interface ErrorBody {
  /** @example 404 */
  statusCode: number;
  /** @example "Not Found" */
  error: string;
  message: string | string[];
  /**
   * What is wrong, for programs.
   * @example "not_found"
   */
  code: string;
  requestId?: string;
}

export interface OrdersListAnswer {
  orders: {
    /** @format uuid */
    id: string;
    sku: string;
    quantity: number;
    status: 'reserved' | 'backordered' | 'fulfilled' | 'cancelled';
  }[];
  /** @format uuid */
  next?: string;
}

export interface Refusal {
  statusCode: number;
  /** The error code of RFC 6750, absent where no token was sent. */
  error?: string;
  message: string;
  /** Why exactly, for programs. */
  code: string;
}

export interface OrdersListQuery {
  /** @format uuid */
  after?: string;
  /**
   * @min 1
   * @max 100
   * @default 50
   */
  limit?: number;
}

export interface OrdersPlaceAnswer {
  /** @format uuid */
  id: string;
  sku: string;
  quantity: number;
  status: 'reserved' | 'backordered' | 'fulfilled' | 'cancelled';
}

export interface OrdersPlaceBody {
  /** @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$ */
  sku: string;
  /**
   * @min 1
   * @max 1000000
   */
  quantity: number;
}

export interface OrdersFindAnswer {
  /** @format uuid */
  id: string;
  sku: string;
  quantity: number;
  status: 'reserved' | 'backordered' | 'fulfilled' | 'cancelled';
}

export interface OrdersFulfilAnswer {
  /** @format uuid */
  id: string;
  sku: string;
  quantity: number;
  status: 'reserved' | 'backordered' | 'fulfilled' | 'cancelled';
}

/** The body of every error that orders answers. */
export type OrdersErrorBody = Refusal | ErrorBody;

/** An answer of orders that is an error. */
export type OrdersError = AxiosError<OrdersErrorBody> & { readonly response: AxiosResponse<OrdersErrorBody> };

/** Whether a call failed because orders answered an error, and not on the way to it. */
export function isOrdersError(error: unknown): error is OrdersError {
  const body = isAxiosError<unknown>(error) ? error.response?.data : undefined;
  return (
    typeof body === 'object' && body !== null && 'statusCode' in body && 'message' in body && 'code' in body
  );
}

/** What a single call can be told: a `signal` that ends it, a `timeout` in milliseconds, headers, and the largest answer in bytes. */
export type OrdersCallOptions = Pick<AxiosRequestConfig, 'signal' | 'timeout' | 'maxContentLength'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * The API of orders, a method for each operation. Calls go out with the access token of the connection to orders; one
 * that fails rejects with the connection's error, which `isOrdersError` tells apart where orders answered it.
 */
@Injectable()
export class OrdersApi {
  readonly #http: HttpService;

  constructor(@InjectM2m('orders') http: HttpService) {
    this.#http = http;
  }

  readonly orders = {
    /**
     * Read the orders, oldest first
     *
     * `GET /orders`, with the scope `read:orders`.
     */
    list: async (query?: OrdersListQuery, options?: OrdersCallOptions): Promise<OrdersListAnswer> =>
      this.#send(
        { method: 'GET', url: `/orders`, params: query, paramsSerializer: { indexes: null } },
        options,
      ),

    /**
     * Place an order
     *
     * `POST /orders`, with the scope `write:orders`.
     */
    place: async (body: OrdersPlaceBody, options?: OrdersCallOptions): Promise<OrdersPlaceAnswer> =>
      this.#send({ method: 'POST', url: `/orders`, data: body }, options),

    /**
     * Read an order
     *
     * `GET /orders/{id}`, with the scope `read:orders`.
     */
    find: async (id: string, options?: OrdersCallOptions): Promise<OrdersFindAnswer> =>
      this.#send({ method: 'GET', url: `/orders/${segment(id)}` }, options),

    /**
     * Cancel an order and release what it reserved
     *
     * `DELETE /orders/{id}`, with the scope `write:orders`.
     */
    cancel: async (id: string, options?: OrdersCallOptions): Promise<void> =>
      this.#send({ method: 'DELETE', url: `/orders/${segment(id)}` }, options),

    /**
     * Report that an order has been fulfilled
     *
     * `POST /orders/{id}/fulfilment`, with the scope `write:fulfilments`.
     */
    fulfil: async (id: string, options?: OrdersCallOptions): Promise<OrdersFulfilAnswer> =>
      this.#send({ method: 'POST', url: `/orders/${segment(id)}/fulfilment` }, options),
  };

  async #send<T>(request: AxiosRequestConfig, options: OrdersCallOptions = {}): Promise<T> {
    const headers = { ...(request.headers as Record<string, string> | undefined), ...options.headers };
    const { data } = await this.#http.axiosRef.request<T>({ ...options, ...request, headers });
    return data;
  }
}

/** A value as one part of a path; `.` and `..` would be another path. */
function segment(value: string | number | boolean): string {
  const text = String(value);
  if (/^\.{0,2}$/.test(text)) throw new TypeError(`${JSON.stringify(text)} cannot be a part of a path.`);
  return encodeURIComponent(text);
}
