import { RequireScopes } from '@countersign/guards';
import { Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Issuer } from '../issuer.js';
import { ManagementController } from './management-controller.decorator.js';

const query = z.object({
  take: z.coerce.number().int().min(1).max(100).default(50),
  from: z.string().max(100).optional(),
  client_id: z.string().max(200).optional(),
  type: z.enum(['token_issued', 'token_refused']).optional(),
});

/** What was issued and refused, and how the store differs from the contracts. */
@ManagementController()
export class EventsController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  /** The newest first; `next` is the `from` of the following page. */
  @Get('events')
  @RequireScopes('read:logs')
  async list(
    @Query({ schema: query }) { take, from, client_id, type }: z.infer<typeof query>,
  ): Promise<unknown> {
    const events = await this.issuer.events.list({ take, before: from, clientId: client_id, type });
    const last = events.at(-1);
    return { events, ...(events.length === take && last && { next: last.id }) };
  }

  /** What a person changed and the contracts say otherwise. */
  @Get('drift')
  @RequireScopes('read:client_grants', 'read:clients', 'read:resource_servers')
  async drift(): Promise<unknown> {
    return { drift: await this.issuer.reconciler.drift() };
  }

  /** Back to what the contracts say. */
  @Post('drift/reset')
  @HttpCode(200)
  @RequireScopes('delete:client_grants', 'delete:clients', 'delete:resource_servers', 'delete:actions')
  async reset(): Promise<unknown> {
    return { reset: await this.issuer.reset() };
  }
}
