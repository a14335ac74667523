import { type Bench } from '../bench.js';
import { bootBench } from './boot.js';
import { connectionBench } from './connection.js';
import { endToEndBench } from './end-to-end.js';
import { fleetBench } from './fleet.js';
import { coldCrowdBench, getTokenBench } from './get-token.js';
import { growthBench } from './growth.js';
import { incomingBench } from './incoming.js';
import { issuerBench } from './issuer.js';
import { memoryBench } from './memory.js';
import { verifyBench } from './verify.js';
import { workspaceBench } from './workspace.js';

const guards = ['no-op', 'countersign', 'passport', 'jose', 'aws-jwt-verify', 'fast-jwt'] as const;

/** Every bench, in the order of the report. */
export const benches: readonly Bench[] = [
  incomingBench({
    name: 'incoming-fastify',
    title: 'A guarded route on Fastify, a token seen before',
    quick: true,
    platform: 'fastify',
    variants: ['no-op', 'countersign'],
    tokens: 1,
    moreRounds: 12,
  }),
  incomingBench({
    name: 'incoming-fastify-peers',
    title: 'A guarded route on Fastify, every peer',
    quick: true,
    platform: 'fastify',
    variants: guards,
    tokens: 1,
  }),
  incomingBench({
    name: 'incoming-express',
    title: 'A guarded route on Express, a token seen before',
    quick: false,
    platform: 'express',
    variants: ['no-op', 'countersign'],
    tokens: 1,
    moreRounds: 12,
  }),
  incomingBench({
    name: 'incoming-express-peers',
    title: 'A guarded route on Express, every peer',
    quick: false,
    platform: 'express',
    variants: [...guards, 'express-oauth2-jwt-bearer'],
    tokens: 1,
  }),
  incomingBench({
    name: 'incoming-tokens-100',
    title: 'A guarded route on Fastify, 100 distinct tokens',
    quick: false,
    platform: 'fastify',
    variants: guards,
    tokens: 100,
  }),
  incomingBench({
    name: 'incoming-tokens-10000',
    title: 'A guarded route on Fastify, 10,000 distinct tokens',
    quick: false,
    platform: 'fastify',
    variants: guards,
    tokens: 10_000,
    warmUpSeconds: 12,
  }),
  incomingBench({
    name: 'incoming-cold',
    title: 'A guarded route on Fastify, every token verified in full',
    quick: false,
    platform: 'fastify',
    variants: ['no-op', 'countersign-uncached', 'passport', 'jose', 'aws-jwt-verify'],
    tokens: 100,
  }),
  incomingBench({
    name: 'incoming-es256',
    title: 'A guarded route on Fastify, ES256, every token verified in full',
    quick: false,
    platform: 'fastify',
    variants: ['no-op', 'countersign-uncached', 'passport', 'jose', 'aws-jwt-verify'],
    tokens: 100,
    algorithm: 'ES256',
  }),
  incomingBench({
    name: 'incoming-eddsa',
    title: 'A guarded route on Fastify, EdDSA, every token verified in full',
    quick: false,
    platform: 'fastify',
    variants: ['no-op', 'countersign-uncached', 'jose'],
    tokens: 100,
    algorithm: 'EdDSA',
  }),
  verifyBench,
  memoryBench,
  getTokenBench,
  coldCrowdBench,
  fleetBench,
  connectionBench,
  endToEndBench,
  issuerBench('RS256', true),
  issuerBench('PS256', false),
  issuerBench('ES256', false),
  bootBench,
  growthBench,
  workspaceBench,
];
