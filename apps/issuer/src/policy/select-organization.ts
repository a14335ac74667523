import type { Directory, Grant, Organization } from '../directory/directory.js';
import { organizationNotAllowed, organizationRequired, organizationUnknown } from './token-refusal.js';

/**
 * The organization that a token is for.
 *
 * @param requested id or name, as the request has it
 * @throws {@link TokenRefusal} `organization_required`, `organization_unknown` or `organization_not_allowed`
 */
export function selectOrganization(
  requested: string | undefined,
  grant: Grant,
  directory: Directory,
): Organization | undefined {
  if (requested === undefined) {
    if (grant.organizationUsage === 'require') throw organizationRequired(grant.audience);
    return undefined;
  }
  if (grant.organizationUsage === 'deny') throw organizationNotAllowed(requested);
  const organization = directory.organization(requested);
  if (!organization) throw organizationUnknown(requested);
  const covered = grant.organizations === 'any' || grant.organizations.includes(organization.id);
  if (!covered) throw organizationNotAllowed(requested);
  return organization;
}
