import type { OpenAPIObject } from '@nestjs/swagger';
import { formatCallers } from '../requirement/caller-group.js';
import type { ProtectedRequirement } from '../requirement/route-requirement.js';

type Responses = NonNullable<OpenAPIObject['paths'][string]['get']>['responses'];
type Response = Extract<Responses[string], { description: string }>;
type Content = NonNullable<Response['content']>;
type Headers = NonNullable<Response['headers']>;

const body: Content = {
  'application/json': {
    schema: {
      type: 'object',
      required: ['statusCode', 'message', 'code'],
      properties: {
        statusCode: { type: 'integer' },
        error: { type: 'string', description: 'The error code of RFC 6750, absent where no token was sent.' },
        message: { type: 'string' },
        code: { type: 'string', description: 'Why exactly, for programs.' },
      },
    },
  },
};

const challenge: Headers = {
  'WWW-Authenticate': { description: 'The challenge of RFC 6750.', schema: { type: 'string' } },
};

/** The refusals that a guarded operation may answer, by status. */
export function refusalResponses({ allOf, anyOf, callers }: ProtectedRequirement): Responses {
  const needed = [
    ...allOf.map((scope) => `\`${scope}\``),
    ...anyOf.map((group) => `one of ${group.map((scope) => `\`${scope}\``).join(', ')}`),
    ...callers.map(formatCallers),
  ];
  return {
    400: {
      description: 'The request does not carry its token in one Authorization header.',
      headers: challenge,
      content: body,
    },
    401: {
      description: 'No access token, or one that does not hold here.',
      headers: challenge,
      content: body,
    },
    ...(needed.length > 0 && {
      403: {
        description: `The access token is not enough: this needs ${needed.join(' and ')}.`,
        headers: challenge,
        content: body,
      },
    }),
    503: { description: 'The keys of the issuer cannot be had at the moment.', content: body },
  };
}
