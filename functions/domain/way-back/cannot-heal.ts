/**
 * Codes of failures that stay until a person changes something: sign-in, rights, what the setup file makes, certificates, and the function
 * that speaks SQL itself. Sources: PostgreSQL manual, appendix A; MySQL "Server Error Message Reference"; MariaDB "Error codes"; Node.js, `tls`
 * errors; Lambda, Invoke. Everything else may pass.
 */
const lasting = new Set([
  '28000',
  '28P01',
  '3D000',
  '3F000',
  '42501',
  '42883',
  '42P01',
  // MySQL and MariaDB: a right, the schema, the sign-in, an account, a table, a procedure, a plugin of the account, an account that is locked.
  '1044',
  '1045',
  '1049',
  '1095',
  '1142',
  '1146',
  '1227',
  '1305',
  '1370',
  '1396',
  '1524',
  '2059',
  '3118',
  '4151',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HANDSHAKE_NO_SSL_SUPPORT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'AccessDeniedException',
  'InvalidRuntimeException',
  'InvalidSecurityGroupIDException',
  'InvalidSubnetIDException',
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSNotFoundException',
  'ResourceNotFoundException',
]);

/** Whether asking again changes nothing. */
export function cannotHeal(code: string): boolean {
  return lasting.has(code);
}
