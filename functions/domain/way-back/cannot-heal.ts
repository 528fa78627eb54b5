/**
 * Codes of failures that stay until a person changes something: sign-in, rights, what the setup file makes, certificates, and the function
 * that speaks SQL itself. Sources: PostgreSQL manual, appendix A; Node.js, `tls` errors; Lambda, Invoke. Everything else may pass.
 */
const lasting = new Set([
  '28000',
  '28P01',
  '3D000',
  '3F000',
  '42501',
  '42883',
  '42P01',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'AccessDeniedException',
  'ResourceNotFoundException',
]);

/** Whether asking again changes nothing. */
export function cannotHeal(code: string): boolean {
  return lasting.has(code);
}
