import type { Finding, Scan } from './finding.ts';

/** Findings as SARIF 2.1.0, which code hosts and editors show at the line. Accepted findings are in it, with the reason. */
export function toSarif(
  { tool, kind }: Pick<Scan, 'tool' | 'kind'>,
  findings: readonly (Finding & { accepted?: string | undefined })[],
): object {
  const [name, version] = tool.split(' ');
  const rules = [...new Set(findings.map(({ rule }) => rule))].map((id) => ({ id }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name, version, rules, properties: { kind } } },
        results: findings.map(({ rule, where, line, text, accepted }) => ({
          ruleId: rule,
          level: accepted === undefined ? 'error' : 'note',
          message: { text },
          locations: [
            { physicalLocation: { artifactLocation: { uri: where }, region: { startLine: line } } },
          ],
          ...(accepted !== undefined && {
            suppressions: [{ kind: 'external', status: 'accepted', justification: accepted }],
          }),
        })),
      },
    ],
  };
}
