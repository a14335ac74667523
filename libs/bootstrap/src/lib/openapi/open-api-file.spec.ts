import { Module } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { defineService } from '../service/define-service.js';
import { openApiFile } from './open-api-file.js';

@Module({})
class AppModule {}

const service = (openapi: false | { version: string }) =>
  defineService({ name: 'shop', environment: () => ({}), module: () => AppModule, openapi });

describe('openApiFile', () => {
  it('says the name and the version of a service without routes', async () => {
    const text = await openApiFile(service({ version: '2.1' }));
    expect(JSON.parse(text)).toMatchObject({ info: { title: 'shop', version: '2.1' }, paths: {} });
  });

  it('refuses a service that leaves its document out', async () => {
    await expect(openApiFile(service(false))).rejects.toMatchObject({ code: 'openapi_disabled' });
  });
});
