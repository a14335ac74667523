import { outgoingHeaders } from '@countersign/bootstrap';
import { InjectM2m } from '@countersign/m2m';
import type { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { isAxiosError } from 'axios';
import { firstValueFrom } from 'rxjs';

/** How long orders may take to answer, the wait for a token included, in milliseconds. */
const deadline = 3_000;
const largestAnswer = 65_536;

/** What inventory needs of the orders service. */
@Injectable()
export class OrdersClient {
  constructor(@InjectM2m('orders') private readonly http: HttpService) {}

  /**
   * Reports that an order has been fulfilled. Reporting it again is fine.
   *
   * @returns `refused` where there is no such order, or it has been cancelled
   * @throws Error where orders cannot be reached or does not answer what it promises
   */
  async fulfil(orderId: string): Promise<'fulfilled' | 'refused'> {
    try {
      const { data } = await firstValueFrom(
        this.http.post<unknown>(`/orders/${encodeURIComponent(orderId)}/fulfilment`, undefined, {
          timeout: deadline,
          maxContentLength: largestAnswer,
          headers: outgoingHeaders(),
        }),
      );
      if ((data as { status?: unknown } | undefined)?.status === 'fulfilled') return 'fulfilled';
    } catch (error) {
      if (refusals.has(codeOf(error))) return 'refused';
      throw error;
    }
    throw new Error("Orders' answer to a fulfilment is not what it promises.");
  }
}

const refusals = new Set(['order_unknown', 'order_cancelled']);

function codeOf(error: unknown): string {
  if (!isAxiosError<unknown>(error)) return '';
  const code = (error.response?.data as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
