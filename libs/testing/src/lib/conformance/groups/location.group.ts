import { bearer, type Arena } from '../arena.js';
import { type ConformanceGroup, type RefusalCase } from '../conformance-case.js';
import { type Shot } from '../http-shot.js';
import { malformedRequest, missing, missingOrMalformed, type Refusal } from '../refusal.js';

const authorization = (value: string): Shot => ({ headers: [['authorization', value]] });

function headerCase(
  id: string,
  title: string,
  value: (token: string) => string,
  expected: readonly Refusal[],
): RefusalCase {
  return {
    id: `location/${id}`,
    title,
    attack: async (arena) => authorization(value(await arena.mint())),
    expected,
  };
}

function elsewhere(name: string, value: (token: string) => string): RefusalCase {
  return {
    id: `location/in-${name.toLowerCase()}`,
    title: `a valid token in the ${name} header only`,
    attack: async (arena) => ({ headers: [[name, value(await arena.mint())]] }),
    expected: missing,
  };
}

function withQuery(arena: Arena, name: string, token: string): string {
  const { path } = arena.options.request;
  return `${path}${path.includes('?') ? '&' : '?'}${name}=${token}`;
}

function inQuery(name: string): RefusalCase {
  return {
    id: `location/query-${name}`,
    title: `a valid token in the query parameter ${name} only`,
    attack: async (arena) => ({ path: withQuery(arena, name, await arena.mint()) }),
    expected: missingOrMalformed,
  };
}

function twoHeaders(id: string, title: string, values: (token: string) => [string, string]): RefusalCase {
  return {
    id: `location/${id}`,
    title,
    attack: async (arena) => ({
      headers: values(await arena.mint()).map((value): [string, string] => ['authorization', value]),
    }),
    expected: malformedRequest,
  };
}

const schemes = ['Basic', 'Digest', 'Negotiate', 'Token', 'JWT', 'OAuth', 'MAC', 'HOBA', 'BearerX', 'Bear'];

/** Where the token is, and whether it is the only one (RFC 6750, section 2; RFC 9110, section 11.6.2). */
export const location: ConformanceGroup = {
  name: 'token location',
  refusals: [
    { id: 'location/none', title: 'no credentials', attack: () => ({}), expected: missing },
    headerCase('empty', 'an empty Authorization header', () => '', missingOrMalformed),
    headerCase('scheme-only', 'the scheme without a token', () => 'Bearer', missingOrMalformed),
    headerCase('scheme-and-space', 'the scheme and blanks', () => 'Bearer   ', missingOrMalformed),
    headerCase('token-only', 'a token without a scheme', (token) => token, missingOrMalformed),
    ...schemes.map((scheme) =>
      headerCase(
        `scheme-${scheme.toLowerCase()}`,
        `the scheme ${scheme}`,
        (token) => `${scheme} ${token}`,
        missingOrMalformed,
      ),
    ),
    headerCase('colon', 'a colon after the scheme', (token) => `Bearer: ${token}`, missingOrMalformed),
    headerCase('equals', 'an equals sign after the scheme', (token) => `Bearer=${token}`, missingOrMalformed),
    headerCase('no-space', 'no blank after the scheme', (token) => `Bearer${token}`, missingOrMalformed),
    headerCase('tab', 'a tab after the scheme', (token) => `Bearer\t${token}`, missingOrMalformed),
    headerCase('junk', 'a word after the token', (token) => `Bearer ${token} junk`, malformedRequest),
    headerCase('junk-before', 'a word before the token', (token) => `Bearer junk ${token}`, malformedRequest),
    headerCase('two-tokens', 'two tokens', (token) => `Bearer ${token} ${token}`, malformedRequest),
    headerCase('comma', 'two tokens with a comma', (token) => `Bearer ${token},${token}`, malformedRequest),
    headerCase(
      'list',
      'two credentials in one line',
      (token) => `Bearer ${token}, Bearer ${token}`,
      malformedRequest,
    ),
    headerCase(
      'list-basic',
      'Basic and Bearer in one line',
      (token) => `Basic YTpi, Bearer ${token}`,
      missingOrMalformed,
    ),
    headerCase('twice', 'the scheme twice', (token) => `Bearer Bearer ${token}`, malformedRequest),
    headerCase('quoted', 'a quoted token', (token) => `Bearer "${token}"`, malformedRequest),
    headerCase('parameter', 'a token as a parameter', (token) => `Bearer token="${token}"`, malformedRequest),
    headerCase('braces', 'a token in braces', (token) => `Bearer {${token}}`, malformedRequest),
    headerCase('semicolon', 'a semicolon after the token', (token) => `Bearer ${token};`, malformedRequest),
    headerCase('latin1', 'a byte beyond ASCII in the token', (token) => `Bearer ${token}é`, malformedRequest),
    headerCase(
      'percent',
      'a percent-encoded token',
      (token) => `Bearer ${token.replaceAll('.', '%2E')}`,
      malformedRequest,
    ),
    elsewhere('Proxy-Authorization', (token) => `Bearer ${token}`),
    elsewhere('X-Authorization', (token) => `Bearer ${token}`),
    elsewhere('X-Forwarded-Authorization', (token) => `Bearer ${token}`),
    elsewhere('X-Access-Token', (token) => token),
    elsewhere('X-Auth-Token', (token) => token),
    elsewhere('Authentication', (token) => `Bearer ${token}`),
    elsewhere('Cookie', (token) => `access_token=${token}; token=${token}; jwt=${token}`),
    elsewhere('Sec-WebSocket-Protocol', (token) => `bearer, ${token}`),
    ...['access_token', 'token', 'jwt', 'auth_token', 'id_token', 'authorization'].map(inQuery),
    {
      id: 'location/header-and-query',
      title: 'a token in the header and one in the query',
      attack: async (arena) => {
        const token = await arena.mint();
        return { ...bearer(token), path: withQuery(arena, 'access_token', token) };
      },
      expected: malformedRequest,
    },
    twoHeaders('two-headers', 'two Authorization headers with one token', (token) => [
      `Bearer ${token}`,
      `Bearer ${token}`,
    ]),
    twoHeaders('two-headers-bad-second', 'a second header with rubbish', (token) => [
      `Bearer ${token}`,
      'Bearer rubbish',
    ]),
    twoHeaders('two-headers-bad-first', 'a first header with rubbish', (token) => [
      'Bearer rubbish',
      `Bearer ${token}`,
    ]),
    twoHeaders('two-headers-basic', 'Basic and Bearer headers', (token) => ['Basic YTpi', `Bearer ${token}`]),
  ],
};
