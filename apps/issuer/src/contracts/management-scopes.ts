const subjects = [
  'resource_servers',
  'clients',
  'client_credentials',
  'client_grants',
  'signing_keys',
  'actions',
  'organizations',
  'organization_client_grants',
];

/** The scopes of the management API, by Auth0's names. */
export const managementScopes: readonly string[] = [
  ...subjects.flatMap((subject) => ['read', 'create', 'update', 'delete'].map((act) => `${act}:${subject}`)),
  'update:client_keys',
  'update:tenant_settings',
  'read:logs',
];

/** The audience of the management API. */
export const managementAudience = (issuer: string): string => `${issuer}api/v2/`;
