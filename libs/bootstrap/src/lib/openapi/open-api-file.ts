import type { OpenAPIObject } from '@nestjs/swagger';
import type { EnvironmentParts } from '../environment/read-environment.js';
import { BootError } from '../service/boot.error.js';
import { describe } from '../service/create-service.js';
import type { Service } from '../service/define-service.js';
import { placeholder, previewService } from '../service/preview-service.js';

/** Of the defaults that are good for a laptop, the issuer is what a document repeats. */
const nowhere = { AUTH_ISSUER: placeholder };

/**
 * The text of a service's `openapi.json`: the document that it serves at `/openapi.json`, without starting it. It is the
 * same on every machine: the environment is not read, and paths, methods and components are sorted. What the
 * document says of the service's surroundings, such as where tokens come from, is a placeholder at `preview.invalid`.
 *
 * @param service what {@link defineService} answered
 * @throws {@link BootError} `contract_invalid`, or `openapi_disabled` for a service with `openapi: false`
 *
 * @example
 * ```ts
 * await writeFile('openapi.json', await openApiFile(service));
 * ```
 */
export async function openApiFile<Parts extends EnvironmentParts>(service: Service<Parts>): Promise<string> {
  if (service.openapi === false)
    throw new BootError('openapi_disabled', 'it has `openapi: false`: there is no document to write');
  const { buildOpenApi } = await import('./open-api.js');
  const app = await previewService(service, nowhere);
  try {
    const document = buildOpenApi(app, describe(service).name, service.openapi ?? {});
    return `${JSON.stringify(sorted(document), null, 2)}\n`;
  } finally {
    await app.close();
  }
}

function sorted(document: OpenAPIObject): OpenAPIObject {
  const { openapi, info, paths, components, ...rest } = document;
  return {
    openapi,
    info,
    ...rest,
    paths: byName(paths, byName),
    ...(components && { components: byName(components, (part) => byName(part)) }),
  };
}

/** An object with its members in the order of their names. */
function byName<T extends object>(object: T, each: (member: never) => unknown = (member) => member): T {
  const members = Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, each(member as never)])) as T;
}
