import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';
import { sources } from './sources.ts';

export const certificateExpiry: Precondition = {
  id: 'certificate-expiry',
  engines: 'all',
  looksAt: 'Whether the certificate of blue ends within 30 days.',
  how: 'CertificateDetails.ValidTill',
  source: sources.api,
  check: ({ features }) =>
    features.certificateEnds !== null
      ? [
          warning(
            `the certificate of blue ends at ${features.certificateEnds}, within 30 days, and green has its authority. Rotate the authority before, and give clients the new bundle.`,
          ),
        ]
      : [],
};
