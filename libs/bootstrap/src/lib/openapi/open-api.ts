import type { INestApplication } from '@nestjs/common';
import { ApiExcludeController, DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { HealthController } from '../health/health.controller.js';
import { docsContentSecurityPolicy } from '../http/security-headers.js';

// Here and not at the class, so that a service without a document does not load the library.
ApiExcludeController()(HealthController);

/** What a service says about its API. */
export interface OpenApiOptions {
  /** Default: the service's name. */
  readonly title?: string;
  readonly description?: string;
  /** Version of the API. Default `1.0`. */
  readonly version?: string;
  /**
   * The last word on the document, such as `secureDocument` of `@countersign/guards/openapi`.
   *
   * @param app the application, to ask for its routes' metadata
   * @param document what the routes and their schemas say
   */
  readonly document?: (app: INestApplication, document: OpenAPIObject) => OpenAPIObject | void;
}

/** Serves the OpenAPI document at `/openapi.json` and Swagger UI at `/docs`, both public. */
export function serveOpenApi(app: INestApplication, service: string, options: OpenApiOptions): void {
  app.use(
    '/docs',
    (_request: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
      response.setHeader('content-security-policy', docsContentSecurityPolicy);
      next();
    },
  );
  SwaggerModule.setup('docs', app, () => buildOpenApi(app, service, options), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: `${options.title ?? service} API`,
  });
}

/** The OpenAPI document of a service: its routes, their schemas and errors, and the last word of the options. */
export function buildOpenApi(app: INestApplication, service: string, options: OpenApiOptions): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle(options.title ?? service)
    .setDescription(options.description ?? '')
    .setVersion(options.version ?? '1.0')
    .build();
  const document = withErrors(SwaggerModule.createDocument(app, config));
  return options.document?.(app, document) ?? document;
}

const errorSchema = {
  type: 'object',
  required: ['statusCode', 'error', 'message', 'code'],
  properties: {
    statusCode: { type: 'integer', example: 404 },
    error: { type: 'string', example: 'Not Found' },
    message: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    code: { type: 'string', description: 'What is wrong, for programs.', example: 'not_found' },
    requestId: { type: 'string' },
  },
};

/** Every operation may answer an error, and all errors look alike. */
function withErrors(document: OpenAPIObject): OpenAPIObject {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  for (const item of Object.values(document.paths)) {
    for (const operation of [item.get, item.put, item.post, item.delete, item.patch]) {
      if (operation) operation.responses['default'] ??= { description: 'An error', content };
    }
  }
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Error: errorSchema as never },
  };
  return document;
}
