import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { type AuthModuleOptions, AuthModule, RequireScopes, RollingDpopNonces } from '@countersign/guards';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { runAuthConformance, type ServiceAbilities } from '../src/conformance.js';
import { CertificateAuthority, type Dialect, listen, type SigningAlgorithm } from '../src/index.js';

const audience = 'https://things.example';
const authority = await CertificateAuthority.create();
const server = await authority.issue('things');
/** Asks clients for a certificate and takes any: the thumbprint in the token says which one counts. */
const tls = { cert: server.certificate, key: server.key, requestCert: true, rejectUnauthorized: false };

@Controller('things')
class ThingsController {
  @Get()
  @RequireScopes('read:things', 'list:things')
  list(): string[] {
    return ['one'];
  }
}

@Module({})
class ThingsModule {}

interface Variation {
  readonly name: string;
  readonly dialect: Dialect;
  readonly algorithms: readonly [SigningAlgorithm, ...SigningAlgorithm[]];
  readonly sender: NonNullable<AuthModuleOptions['sender']>;
  readonly abilities: ServiceAbilities;
  readonly create: (module: object) => Promise<INestApplication>;
  readonly ca?: string;
}

const proofAlgorithms = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const;
const certificateHeader = { name: 'x-ssl-cert', encoding: 'pem-urlencoded' } as const;

const variations: readonly Variation[] = [
  {
    name: 'AuthModule on Fastify: auth0, DPoP, certificates of a proxy',
    dialect: 'auth0',
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    sender: { dpop: true, mtls: { certificateHeader } },
    abilities: { dpop: { algorithms: proofAlgorithms }, mtls: certificateHeader },
    create: (module) => NestFactory.create(module, new FastifyAdapter(), { logger: false }),
  },
  {
    name: 'AuthModule on Express over TLS: rfc9068, DPoP with nonces, certificates of the connection',
    dialect: 'rfc9068',
    algorithms: ['RS256'],
    sender: { dpop: { nonces: new RollingDpopNonces(randomBytes(32)) }, mtls: true },
    abilities: { dpop: { nonces: true, algorithms: proofAlgorithms }, mtls: 'tls' },
    create: (module) =>
      NestFactory.create(module, new ExpressAdapter(), { logger: false, httpsOptions: tls }),
    ca: authority.certificate,
  },
];

for (const { name, dialect, algorithms, sender, abilities, create, ca } of variations)
  runAuthConformance({
    name,
    start: async ({ issuer }) => {
      const { url, close } = await listen(
        await create({
          module: ThingsModule,
          imports: [AuthModule.forRoot({ issuers: [{ issuer, dialect, algorithms }], audience, sender })],
          controllers: [ThingsController],
        }),
      );
      return {
        baseUrl: ca === undefined ? url : url.replace('http:', 'https:'),
        close,
        ...(ca !== undefined && { ca }),
      };
    },
    request: { method: 'GET', path: '/things' },
    audience,
    scopes: ['read:things', 'list:things'],
    dialect,
    algorithms,
    abilities,
  });
