import type { ServicePlan } from './service-plan.ts';

/** The `openapi.json` of a new service, which says what `nx openapi` would write: its client can be made before it is built. */
export function openApiFileOf(plan: ServicePlan): string {
  const { name, title, resource, readScope, writeScope } = plan;
  const document = {
    openapi: '3.0.0',
    info: { title, description: `The ${name} service.`, version: '1.0', contact: {} },
    tags: [],
    servers: [],
    paths: {
      [`/${resource}`]: {
        get: operation(plan, 'list', 'Read all items, oldest first', readScope, { 200: list }),
        ...(writeScope !== undefined && {
          post: {
            ...operation(plan, 'add', 'Add an item', writeScope, { 201: item }),
            requestBody: { required: true, content: json(newItem) },
          },
        }),
      },
      [`/${resource}/{id}`]: {
        get: {
          ...operation(plan, 'find', 'Read an item', readScope, { 200: item }),
          parameters: [{ name: 'id', required: true, in: 'path', schema: uuid }],
        },
      },
    },
    components: { schemas: { Error: error }, securitySchemes: securitySchemesOf(plan) },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const json = (schema: object) => ({ 'application/json': { schema } });

const uuid = {
  type: 'string',
  format: 'uuid',
  pattern:
    '^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$',
};

const object = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const item = object({ id: uuid, name: { type: 'string' } });
const list = object({ items: { type: 'array', items: item } });
const newItem = object({ name: { type: 'string', minLength: 1, maxLength: 200 } });

/** An operation of the first resource, with what every guarded operation may answer. */
function operation(
  { className, resource }: ServicePlan,
  handler: string,
  summary: string,
  scope: string,
  answers: Readonly<Record<number, object>>,
) {
  const answer = Object.entries(answers).map(([status, schema]) => [
    status,
    { description: '', content: json(schema) },
  ]);
  return {
    operationId: `${className}Controller_${handler}`,
    parameters: [] as object[],
    responses: {
      ...(Object.fromEntries(answer) as object),
      400: { ...refusal('The request does not carry its token in one Authorization header.'), headers },
      401: { ...refusal('No access token, or one that does not hold here.'), headers },
      403: { ...refusal(`The access token is not enough: this needs \`${scope}\`.`), headers },
      503: refusal('The keys of the issuer cannot be had at the moment.'),
      default: { description: 'An error', content: json({ $ref: '#/components/schemas/Error' }) },
    },
    summary,
    tags: [resource],
    security: [{ oauth2: [scope] }, { accessToken: [] }],
  };
}

const headers = {
  'WWW-Authenticate': { description: 'The challenge of RFC 6750.', schema: { type: 'string' } },
};

const refusal = (description: string) => ({
  description,
  content: json({
    type: 'object',
    required: ['statusCode', 'message', 'code'],
    properties: {
      statusCode: { type: 'integer' },
      error: { type: 'string', description: 'The error code of RFC 6750, absent where no token was sent.' },
      message: { type: 'string' },
      code: { type: 'string', description: 'Why exactly, for programs.' },
    },
  }),
});

const error = {
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

const securitySchemesOf = ({ audience, scopes }: ServicePlan) => ({
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The same token, got beforehand. It needs the scopes that the operation asks for.',
  },
  oauth2: {
    type: 'oauth2',
    description: `A bearer token of https://preview.invalid/ for the audience ${audience}.`,
    flows: { clientCredentials: { tokenUrl: 'https://preview.invalid/oauth/token', scopes } },
  },
});
