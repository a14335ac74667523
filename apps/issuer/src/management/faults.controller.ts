import { RequireScopes } from '@countersign/guards';
import { Body, Delete, Get, HttpCode, Inject, NotFoundException, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { fault, type Fault } from '../faults/fault.js';
import type { ActiveFault } from '../faults/fault-board.js';
import { Issuer } from '../issuer.js';
import { ManagementController } from './management-controller.decorator.js';
import { conflict, ManagementError } from './management.error.js';

/** Faults on demand (`/faults`): there with `ISSUER_FAULTS=enabled`, for callers on this machine. */
@ManagementController('faults')
export class FaultsController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  @Get()
  @RequireScopes('update:tenant_settings')
  list(@Req() request: FastifyRequest): unknown {
    this.#admit(request);
    return { faults: this.issuer.faults.list().map(view) };
  }

  @Post()
  @RequireScopes('update:tenant_settings')
  create(@Req() request: FastifyRequest, @Body({ schema: fault }) body: Fault): unknown {
    this.#admit(request);
    const active = this.issuer.faults.add(body);
    if (!active) throw conflict('There are too many faults. Delete some first.');
    return view(active);
  }

  @Delete()
  @HttpCode(204)
  @RequireScopes('update:tenant_settings')
  clear(@Req() request: FastifyRequest): void {
    this.#admit(request);
    this.issuer.faults.remove();
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('update:tenant_settings')
  remove(@Req() request: FastifyRequest, @Param('id') id: string): void {
    this.#admit(request);
    this.issuer.faults.remove(id);
  }

  #admit({ raw, method, url }: FastifyRequest): void {
    if (!this.issuer.options.protection.faults) throw new NotFoundException(`Cannot ${method} ${url}`);
    if (/^(?:::ffff:)?127\.|^::1$/.test(raw.socket.remoteAddress ?? '')) return;
    throw new ManagementError(403, 'operation_not_supported', 'Faults are made from this machine only.');
  }
}

const view = ({ id, fault: { kind, ...rest }, left, endsAt }: ActiveFault) => ({
  id,
  kind,
  ...rest,
  ...(left !== undefined && { left }),
  ends_at: new Date(endsAt).toISOString(),
});
