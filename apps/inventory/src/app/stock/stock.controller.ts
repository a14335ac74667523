import { RequireScopes } from '@countersign/guards';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { newStockSchema, skuSchema, stockSchema, type NewStock, type StockView } from './stock.schema.js';
import { StockService } from './stock.service.js';

@ApiTags('stock')
@Controller('stock')
export class StockController {
  constructor(private readonly stock: StockService) {}

  @Get(':sku')
  @RequireScopes('read:stock')
  @ApiOperation({ summary: 'Read the stock of a SKU' })
  @ApiOkResponse({ standardSchema: stockSchema })
  find(@Param('sku', { schema: skuSchema }) sku: string): Promise<StockView> {
    return this.stock.find(sku);
  }

  @Put(':sku')
  @RequireScopes('write:stock')
  @ApiOperation({ summary: 'Set how much of a SKU is free, and serve the orders that wait for it' })
  @ApiOkResponse({ standardSchema: stockSchema })
  restock(
    @Param('sku', { schema: skuSchema }) sku: string,
    @Body({ schema: newStockSchema }) { quantity }: NewStock,
  ): Promise<StockView> {
    return this.stock.restock(sku, quantity);
  }
}
