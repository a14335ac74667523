import { Module } from '@nestjs/common';
import { FulfilmentsModule } from '../fulfilments/fulfilments.module.js';
import { StockController } from './stock.controller.js';
import { StockService } from './stock.service.js';

@Module({ imports: [FulfilmentsModule], controllers: [StockController], providers: [StockService] })
export class StockModule {}
