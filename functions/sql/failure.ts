import { Interrupted } from './interrupted.ts';

/** Codes of the network, which every family meets. Source: Node.js, `dns` and `tls` errors. */
const ofTheNetwork: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection broke',
  ENOTFOUND: 'the name does not resolve',
  ETIMEDOUT: 'no answer came',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is not signed by the RDS certificate bundle',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is not signed by the RDS certificate bundle',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is not signed by the RDS certificate bundle',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate names another server',
};

/**
 * Makes what describes a failure as it may be told: what was being done, the code, and what the code means. A driver's own message is never
 * used, because it can hold values and statements.
 * @param meanings of the codes of a family of engines
 */
export function failureDescriber(meanings: Record<string, string>, codeOf: (error: unknown) => string) {
  const known = { ...ofTheNetwork, ...meanings };
  return (error: unknown): { code: string; because: string } => {
    const doing = error instanceof Interrupted ? `${error.doing}: ` : '';
    const code = codeOf(error);
    return { code, because: `${doing}${known[code] ?? 'the database said no'} (${code})` };
  };
}
