import 'reflect-metadata';
import { type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type ServerConfig } from './config.js';
import { answerParent } from '../measure/child-protocol.js';
import { variants } from './variants/index.js';
import { type Variant } from './variant.js';

const config = JSON.parse(process.env['BENCH_CONFIG'] ?? '') as ServerConfig;
const variant: Variant | undefined = (variants as Record<string, Variant>)[config.variant];
if (!variant) throw new Error(`No variant '${config.variant}'.`);

const adapter = config.platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
const app: INestApplication = await NestFactory.create(await variant.module(config), adapter, {
  logger: ['error'],
});
variant.configure?.(app, config);
await app.listen(0, '127.0.0.1');
answerParent(new URL(await app.getUrl()).port);
