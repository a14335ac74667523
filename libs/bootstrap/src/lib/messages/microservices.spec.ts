import { createServer, type AddressInfo } from 'node:net';
import { Controller, Module } from '@nestjs/common';
import { ClientProxyFactory, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ServiceException } from '../errors/service.exception.js';
import { createService } from '../service/create-service.js';
import { defineService } from '../service/define-service.js';
import { messageEnv, type MessageAddress } from './message-address.js';
import { microserviceOptions } from './microservice-options.js';

@Controller()
class EchoController {
  @MessagePattern('echo')
  echo(text: unknown) {
    return { text };
  }

  @MessagePattern('fail')
  fail(what: unknown): never {
    if (what === 'known') throw new ServiceException(409, 'echo_conflict', 'There is another echo.');
    if (what === 'refused') throw new RpcException({ statusCode: 401, code: 'token_missing' });
    throw new Error('the password is hunter2');
  }

  @MessagePattern('number')
  number(@Payload({ schema: z.number() }) value: number) {
    return { value };
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const service = defineService({
  name: 'echo',
  port: 0,
  environment: () => ({ messages: messageEnv({ variable: 'MESSAGES_URL' }) }),
  module: () => EchoModule,
  microservices: ({ messages }) => [microserviceOptions(messages)],
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a service with messages', () => {
  it('answers messages and their failures once it is initialised, and HTTP beside them, and stops both', async () => {
    const port = await freePort();
    const app = await createService(service, {
      MESSAGES_URL: `tcp://127.0.0.1:${port}`,
      LOG_LEVEL: 'silent',
    });
    await app.listen(0, '127.0.0.1');
    const address: MessageAddress = { scheme: 'tcp', host: '127.0.0.1', port };
    const client = ClientProxyFactory.create(microserviceOptions(address));
    try {
      expect(await firstValueFrom(client.send('echo', 'hello').pipe(timeout(10_000)))).toEqual({
        text: 'hello',
      });
      const failureOf = (pattern: string, data: unknown) =>
        firstValueFrom(client.send(pattern, data).pipe(timeout(10_000))).then(
          () => undefined,
          (error: unknown) => error,
        );
      expect(await failureOf('fail', 'known')).toMatchObject({ statusCode: 409, code: 'echo_conflict' });
      expect(await failureOf('fail', 'refused')).toEqual({ statusCode: 401, code: 'token_missing' });
      expect(await failureOf('number', 'seven')).toMatchObject({ statusCode: 400, code: 'input_invalid' });
      expect(await failureOf('fail', 'unknown')).toEqual({
        status: 'error',
        statusCode: 500,
        error: 'Internal Server Error',
        message: 'Something went wrong inside the service.',
        code: 'internal_error',
      });
      expect((await fetch(`${await app.getUrl()}/health/ready`)).status).toBe(200);
    } finally {
      await client.close();
      await app.close();
    }
    const late = ClientProxyFactory.create(microserviceOptions(address));
    await expect(firstValueFrom(late.send('echo', 'hello').pipe(timeout(10_000)))).rejects.toThrow();
    await late.close();
  });

  it('is refused a gRPC address without a definition', () => {
    expect(() => microserviceOptions({ scheme: 'grpc', host: 'localhost', port: 1 })).toThrow(TypeError);
  });
});
