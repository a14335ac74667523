// Generated from apps/inventory/openapi.json by `nx sync`. Do not edit.
// sha256 101dd049ee3e1a2f94e9188e836295fc a29b0386a08379586b1dcf0440b71e01
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

export interface ReservationsReserveAnswer {
  /** @format uuid */
  orderId: string;
  sku: string;
  quantity: number;
  status: 'reserved';
}

export interface Refusal {
  statusCode: number;
  /** The error code of RFC 6750, absent where no token was sent. */
  error?: string;
  message: string;
  /** Why exactly, for programs. */
  code: string;
}

export interface ReservationsReserveBody {
  /** @format uuid */
  orderId: string;
  /** @pattern ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$ */
  sku: string;
  /**
   * @min 1
   * @max 1000000
   */
  quantity: number;
}

export interface StockFindAnswer {
  sku: string;
  quantity: number;
  reserved: number;
}

export interface StockRestockAnswer {
  sku: string;
  quantity: number;
  reserved: number;
}

export interface StockRestockBody {
  /**
   * @min 0
   * @max 1000000
   */
  quantity: number;
}

/** The body of every error that inventory answers. */
export type InventoryErrorBody = Refusal | ErrorBody;

/** An answer of inventory that is an error. */
export type InventoryError = AxiosError<InventoryErrorBody> & {
  readonly response: AxiosResponse<InventoryErrorBody>;
};

/** Whether a call failed because inventory answered an error, and not on the way to it. */
export function isInventoryError(error: unknown): error is InventoryError {
  const body = isAxiosError<unknown>(error) ? error.response?.data : undefined;
  return (
    typeof body === 'object' && body !== null && 'statusCode' in body && 'message' in body && 'code' in body
  );
}

/** What a single call can be told: a `signal` that ends it, a `timeout` in milliseconds, headers, and the largest answer in bytes. */
export type InventoryCallOptions = Pick<AxiosRequestConfig, 'signal' | 'timeout' | 'maxContentLength'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * The API of inventory, a method for each operation. Calls go out with the access token of the connection to inventory; one
 * that fails rejects with the connection's error, which `isInventoryError` tells apart where inventory answered it.
 */
@Injectable()
export class InventoryApi {
  readonly #http: HttpService;

  constructor(@InjectM2m('inventory') http: HttpService) {
    this.#http = http;
  }

  readonly reservations = {
    /**
     * Reserve stock for an order
     *
     * `POST /reservations`, with the scope `write:reservations`.
     */
    reserve: async (
      body: ReservationsReserveBody,
      options?: InventoryCallOptions,
    ): Promise<ReservationsReserveAnswer> =>
      this.#send({ method: 'POST', url: `/reservations`, data: body }, options),

    /**
     * Release what an order reserved or waits for
     *
     * `DELETE /reservations/{orderId}`, with the scope `write:reservations`.
     */
    release: async (orderId: string, options?: InventoryCallOptions): Promise<void> =>
      this.#send({ method: 'DELETE', url: `/reservations/${segment(orderId)}` }, options),
  };

  readonly stock = {
    /**
     * Read the stock of a SKU
     *
     * `GET /stock/{sku}`, with the scope `read:stock`.
     */
    find: async (sku: string, options?: InventoryCallOptions): Promise<StockFindAnswer> =>
      this.#send({ method: 'GET', url: `/stock/${segment(sku)}` }, options),

    /**
     * Set how much of a SKU is free, and serve the orders that wait for it
     *
     * `PUT /stock/{sku}`, with the scope `write:stock`.
     */
    restock: async (
      sku: string,
      body: StockRestockBody,
      options?: InventoryCallOptions,
    ): Promise<StockRestockAnswer> =>
      this.#send({ method: 'PUT', url: `/stock/${segment(sku)}`, data: body }, options),
  };

  async #send<T>(request: AxiosRequestConfig, options: InventoryCallOptions = {}): Promise<T> {
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
