const subjects = ['resource_servers', 'clients', 'client_grants', 'signing_keys'];

/** The scopes of the management API, by Auth0's names. */
export const managementScopes: readonly string[] = [
  ...subjects.flatMap((subject) => ['read', 'create', 'update', 'delete'].map((act) => `${act}:${subject}`)),
  'update:client_keys',
  'read:logs',
];

/** The audience of the management API. */
export const managementAudience = (issuer: string): string => `${issuer}api/v2/`;
