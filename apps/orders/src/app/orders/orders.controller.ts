import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { RequireScopes } from '@countersign/guards';
import {
  newOrderSchema,
  orderIdSchema,
  orderSchema,
  ordersPageSchema,
  ordersQuerySchema,
  type NewOrder,
  type OrdersPageView,
  type OrdersQuery,
  type OrderView,
} from './orders.schema.js';
import { OrdersService } from './orders.service.js';

@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Post()
  @RequireScopes('write:orders')
  @ApiOperation({ summary: 'Place an order' })
  @ApiCreatedResponse({ standardSchema: orderSchema })
  place(@Body({ schema: newOrderSchema }) order: NewOrder): Promise<OrderView> {
    return this.orders.place(order);
  }

  @Get()
  @RequireScopes('read:orders')
  @ApiOperation({ summary: 'Read the orders, oldest first' })
  @ApiOkResponse({ standardSchema: ordersPageSchema })
  list(@Query({ schema: ordersQuerySchema }) query: OrdersQuery): Promise<OrdersPageView> {
    return this.orders.list(query);
  }

  @Get(':id')
  @RequireScopes('read:orders')
  @ApiOperation({ summary: 'Read an order' })
  @ApiOkResponse({ standardSchema: orderSchema })
  find(@Param('id', { schema: orderIdSchema }) id: string): Promise<OrderView> {
    return this.orders.find(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('write:orders')
  @ApiOperation({ summary: 'Cancel an order and release what it reserved' })
  @ApiNoContentResponse()
  cancel(@Param('id', { schema: orderIdSchema }) id: string): Promise<void> {
    return this.orders.cancel(id);
  }

  @Post(':id/fulfilment')
  @HttpCode(200)
  @RequireScopes('write:fulfilments')
  @ApiOperation({ summary: 'Report that an order has been fulfilled' })
  @ApiOkResponse({ standardSchema: orderSchema })
  fulfil(@Param('id', { schema: orderIdSchema }) id: string): Promise<OrderView> {
    return this.orders.fulfil(id);
  }
}
