import { pluginVersion } from './stamp.ts';

/** The packages that a workspace of generated apps needs, with versions that work together. */
export const workspacePackages: Readonly<Record<string, string>> = {
  '@countersign/bootstrap': pluginVersion,
  '@countersign/contract': pluginVersion,
  '@countersign/guards': pluginVersion,
  '@countersign/issuer': pluginVersion,
  '@countersign/m2m': pluginVersion,
  '@countersign/nx': pluginVersion,
  '@countersign/testing': pluginVersion,
  '@eslint/js': '10.0.1',
  '@fastify/static': '10.1.11',
  '@nestjs/axios': '12.0.1',
  '@nestjs/common': '12.5.1',
  '@nestjs/core': '12.5.1',
  '@nestjs/microservices': '12.1.1',
  '@nestjs/passport': '12.0.0',
  '@nestjs/platform-express': '12.5.1',
  '@nestjs/platform-fastify': '12.5.0',
  '@nestjs/swagger': '12.0.2',
  '@nestjs/terminus': '12.1.0',
  '@nx/eslint': '23.2.1',
  '@nx/eslint-plugin': '23.2.1',
  '@nx/js': '23.2.1',
  '@nx/vitest': '23.2.1',
  '@types/node': '22.20.5',
  axios: '1.21.1',
  eslint: '10.15.0',
  nx: '23.2.1',
  prettier: '3.10.1',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  tslib: '2.9.1',
  typescript: '6.0.3',
  'typescript-eslint': '8.73.0',
  vite: '8.3.8',
  vitest: '4.1.12',
  zod: '4.6.7',
};

/** What these packages would bring, and what of it runs on every Node.js that they run on. */
export const workspaceOverrides: Readonly<Record<string, Readonly<Record<string, string>> | string>> = {
  '@nestjs/common': { 'file-type': '21.3.4' },
  'light-my-request': { cookie: '1.1.0' },
  '@fastify/static': { 'content-disposition': '2.0.1' },
  '@nats-io/nuid': '2.0.3',
};
