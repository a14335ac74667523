/** The claims that only the authorization server sets, by Auth0's list; `scope` follows `api.transaction`. */
const reserved = new Set(
  (
    'acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest ' +
    'entitlements events exp groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce ' +
    'object_id org_id org_name orig origid permissions roles rph s_hash scope sid sip_callid sip_cseq_num sip_date ' +
    'sip_from_tag sip_via_branch sub sub_jwk toe txn typ uuid vot vtm x5t#S256 __proto__'
  ).split(' '),
);

const reservedHosts = /^https?:\/\/(?:[\w-]+\.)*(?:auth0\.com|webtask\.io|webtask\.run)(?:[:/]|$)/i;

/** Whether a claim is not an Action's to set: a registered one, or one in a namespace of Auth0's own. */
export const isReservedClaim = (name: string): boolean => reserved.has(name) || reservedHosts.test(name);
