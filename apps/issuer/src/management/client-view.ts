import { z } from 'zod';
import { clientAuthMethods } from '../directory/directory.js';
import type { ClientTable } from '../store/schema.js';
import { credentialInput } from './credential.js';

const certain = z.int().min(1).max(2_147_483_647).optional();
const credentials = z.object({
  credentials: z
    .array(z.union([z.looseObject({ id: z.string().max(100) }), credentialInput]))
    .min(1)
    .max(2),
});

/** How a client proves who it is where it has no secret, by method. */
const authenticationMethods = z
  .object({ private_key_jwt: credentials, self_signed_tls_client_auth: credentials })
  .partial();

/** What may be said about a client. */
export const clientChanges = z.looseObject({
  name: z.string().min(1).max(200).optional(),
  app_type: z.string().max(50).optional(),
  grant_types: z.array(z.string().max(100)).max(20).optional(),
  token_endpoint_auth_method: z.enum(clientAuthMethods).nullish(),
  client_authentication_methods: authenticationMethods.nullish(),
  client_metadata: z.record(z.string().max(255), z.string().max(255)).optional(),
  require_proof_of_possession: z.boolean().optional(),
  token_quota: z
    .object({
      client_credentials: z.object({ per_hour: certain, per_day: certain, enforce: z.boolean().optional() }),
    })
    .nullish(),
});

/** What must be said about a new client. */
export const clientCreation = clientChanges.extend({ name: z.string().min(1).max(200) });

/** Parsed {@link clientChanges}. */
export type ClientChanges = z.infer<typeof clientChanges>;

/**
 * The columns that a request sets.
 *
 * @param settings those that the client has
 */
export function clientColumns(body: ClientChanges, settings = '{}') {
  const { name, app_type, grant_types, token_endpoint_auth_method, client_metadata, ...others } = body;
  const [method] = Object.keys(body.client_authentication_methods ?? {});
  const authMethod = clientAuthMethods.find((each) => each === method) ?? token_endpoint_auth_method;
  return {
    ...(name !== undefined && { name }),
    ...(app_type !== undefined && { app_type }),
    ...(grant_types !== undefined && { grant_types: JSON.stringify(grant_types) }),
    ...(authMethod && { auth_method: authMethod }),
    ...(client_metadata !== undefined && { metadata: JSON.stringify(client_metadata) }),
    settings: JSON.stringify({ ...(JSON.parse(settings) as object), ...withoutOwn(others) }),
  };
}

/** What only the issuer may say about a client is not kept from a request. */
function withoutOwn({
  client_id: _id,
  client_secret: _secret,
  global: _global,
  ...others
}: Record<string, unknown>): object {
  return others;
}

/** A client as the management API shows it. */
export function clientView(row: ClientTable) {
  return {
    ...(JSON.parse(row.settings) as object),
    client_id: row.client_id,
    name: row.name,
    global: false,
    app_type: row.app_type,
    grant_types: JSON.parse(row.grant_types) as unknown,
    token_endpoint_auth_method: row.auth_method,
    client_metadata: JSON.parse(row.metadata) as unknown,
  };
}
