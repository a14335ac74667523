import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { routesOf } from '../audit/routes.js';
import { AUTH_SETTINGS, type AuthSettings } from '../module/auth-settings.js';
import { checkOptions } from '../module/check-options.js';
import { ownOptions } from '../module/own-options.js';
import { type ProtectedRequirement, routeRequirement } from '../requirement/route-requirement.js';
import type { IssuerOptions } from '../verifier/options.js';
import { refusalResponses } from './refusal-responses.js';
import { tokenUrlOf } from './token-url.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;

/** What {@link secureDocument} cannot read from the application. */
export interface SecureDocumentOptions {
  /** Where clients get their tokens. Default: the place that the issuer's dialect has for it. */
  readonly tokenUrl?: string;
}

const SCHEME = 'oauth2';
const TOKEN_SCHEME = 'accessToken';
const VERBS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/**
 * Completes an OpenAPI document with what the decorators of this package say: the security scheme (OAuth 2.0 client
 * credentials, with the scopes of the contract and their descriptions), the scopes of each operation, and the
 * refusals that it may answer. A second scheme takes the token itself, for pages of documentation: a browser gets no
 * token from an authorization server of another origin. A public operation has `security: []`. The document is changed
 * in place.
 *
 * @param app the application that the document describes, with `AuthModule` in it
 * @param document what `SwaggerModule.createDocument` made
 * @returns the same document
 * @throws Error for an application in Nest's preview mode whose `AuthModule` has its options from a factory
 * @example
 * ```ts
 * const document = secureDocument(app, SwaggerModule.createDocument(app, config));
 * SwaggerModule.setup('docs', app, document);
 * ```
 */
export function secureDocument(
  app: INestApplication,
  document: OpenAPIObject,
  options: SecureDocumentOptions = {},
): OpenAPIObject {
  const { issuers, audiences, contract } = settingsOf(app);
  const [issuer] = issuers as readonly [IssuerOptions];
  const scopes = new Map(Object.entries(contract?.scopes ?? {}));
  for (const { verb, path, controller, method } of routesOf(app)) {
    const requirement = routeRequirement(method, controller);
    for (const operation of operationsOf(document.paths[openApiPath(path)], verb)) {
      operation.security = [];
      if (requirement.access !== 'protected') continue;
      for (const scope of scopesOf(requirement)) if (!scopes.has(scope)) scopes.set(scope, '');
      operation.security = [
        ...alternatives(requirement).map((names) => ({ [SCHEME]: names })),
        { [TOKEN_SCHEME]: [] },
      ];
      operation.responses = { ...refusalResponses(requirement), ...operation.responses };
    }
  }
  document.components ??= {};
  document.components.securitySchemes = {
    ...document.components.securitySchemes,
    [SCHEME]: {
      type: 'oauth2',
      description: `A bearer token of ${issuer.issuer} for the audience ${audiences.join(' or ')}.`,
      flows: {
        clientCredentials: {
          tokenUrl: options.tokenUrl ?? tokenUrlOf(issuer),
          scopes: Object.fromEntries([...scopes].sort()),
        },
      },
    },
    [TOKEN_SCHEME]: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'The same token, got beforehand. It needs the scopes that the operation asks for.',
    },
  };
  return document;
}

/** In Nest's preview mode no provider is constructed, and the options say it themselves. */
function settingsOf(app: INestApplication): Pick<AuthSettings, 'issuers' | 'audiences' | 'contract'> {
  const settings = app.get<AuthSettings | null>(AUTH_SETTINGS, { strict: false });
  if (settings) return settings;
  const options = ownOptions(app);
  if (!options) throw new Error('A preview cannot tell the options of AuthModule.forRootAsync: use forRoot.');
  const { options: checked, verifier } = checkOptions({ ...options, prefetch: false });
  verifier.close();
  return checked;
}

function operationsOf(item: PathItem | undefined, verb: string): Operation[] {
  if (!item) return [];
  const verbs = verb === 'ALL' ? VERBS : VERBS.filter((name) => name === verb.toLowerCase());
  return verbs.flatMap((name) => item[name] ?? []);
}

/** The sets of scopes of which any one is enough: OpenAPI reads the list of security requirements as "or". */
function alternatives({ allOf, anyOf }: ProtectedRequirement): string[][] {
  return anyOf.reduce<string[][]>(
    (sets, group) => sets.flatMap((set) => group.map((scope) => [...new Set([...set, scope])])),
    [[...allOf]],
  );
}

function scopesOf({ allOf, anyOf }: ProtectedRequirement): string[] {
  return [...allOf, ...anyOf.flat()];
}

/** `/orders/:id` as OpenAPI writes it, `/orders/{id}`. */
function openApiPath(path: string): string {
  return path.replace(/[:*]([A-Za-z_$][\w$]*)/g, '{$1}');
}
