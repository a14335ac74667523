import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { EnvironmentError, readEnvironment } from '@countersign/bootstrap';
import { readContract } from '@countersign/contract';
import { m2mEnv } from '@countersign/m2m';
import { callees } from './callees.gen.js';
import { contractFile } from './contract.js';
import { Story } from './story/story.js';
import { StorefrontModule } from './storefront.module.js';

/** Runs the story once, as a client of the services that the environment names. */
async function main(): Promise<number> {
  const contract = readContract(contractFile);
  const { m2m } = readEnvironment(
    process.env,
    { m2m: m2mEnv(contract, callees) },
    { service: contract.service },
  );
  const app = await NestFactory.createApplicationContext(StorefrontModule.register(m2m), {
    logger: ['error'],
  });
  app.enableShutdownHooks();
  try {
    return await app.get(Story).tell(m2m.connections['inventory']?.baseUrl ?? '');
  } finally {
    await app.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(
    error instanceof EnvironmentError ? error.message : `The storefront stopped: ${error.message}`,
  );
  process.exitCode = 1;
}
