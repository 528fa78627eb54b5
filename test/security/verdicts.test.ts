import { describe, expect, it } from 'vitest';
import { arn } from '../../deploy/cloudformation.ts';
import { type Accepted, accepted, sortFindings } from '../../security/accepted.ts';
import type { Finding } from '../../security/finding.ts';
import { toSarif } from '../../security/sarif.ts';
import { policiesOf } from '../../security/scans/iam.ts';

const finding = (more: Partial<Finding> = {}): Finding => ({
  rule: 'R1',
  where: 'Bucket.Logs',
  line: 7,
  text: 'is public',
  ...more,
});
const entry = (more: Partial<Accepted> = {}): Accepted => ({
  scan: 'iac',
  rule: 'R1',
  reason: 'it holds nothing',
  on: '2026-11-29',
  ...more,
});

describe('an accepted finding', () => {
  it('is accepted with its reason and date', () => {
    expect(sortFindings('iac', [finding()], [entry()])).toEqual({
      open: [],
      accepted: [{ ...finding(), accepted: 'it holds nothing (2026-11-29)' }],
      stale: [],
    });
  });

  it.each([
    ['of another rule', { rule: 'R2' }],
    ['of another scan', { scan: 'iam' }],
    ['at another place', { where: /\.Images$/ }],
  ])('stays open where the entry is %s', (_, more) => {
    expect(sortFindings('iac', [finding()], [entry(more)]).open).toEqual([finding()]);
  });

  it('is stale once nothing meets it', () => {
    expect(sortFindings('iac', [], [entry(), entry({ scan: 'iam' })]).stale).toEqual([entry()]);
  });

  it('has a reason and the day of its decision', () => {
    for (const { reason, on } of accepted) {
      expect(reason.length).toBeGreaterThan(40);
      expect(on).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});

it('a report in SARIF shows an open finding as an error at its line, and an accepted one as suppressed', () => {
  const report = toSarif({ tool: 'checkov 3.3.30', kind: 'IaC' }, [
    finding(),
    finding({ rule: 'R2', text: 'is not versioned', ...{ accepted: 'why' } }),
  ]) as { runs: { tool: object; results: object[] }[] };
  const [run] = report.runs;
  expect(run?.tool).toMatchObject({
    driver: { name: 'checkov', version: '3.3.30', rules: [{ id: 'R1' }, { id: 'R2' }] },
  });
  expect(run?.results).toMatchObject([
    {
      ruleId: 'R1',
      level: 'error',
      message: { text: 'is public' },
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'Bucket.Logs' }, region: { startLine: 7 } } },
      ],
    },
    { ruleId: 'R2', level: 'note', suppressions: [{ status: 'accepted', justification: 'why' }] },
  ]);
});

it('policies are judged with names of an account in the place of what the template leaves open', () => {
  const policies = policiesOf({
    Key: { Type: 'AWS::KMS::Key' },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [
          {
            PolicyDocument: {
              Statement: [{ Resource: { 'Fn::GetAtt': ['Key', 'Arn'] } }, { Resource: arn('rds', 'db:*') }],
            },
          },
        ],
      },
    },
  } as never);
  expect(policies).toEqual({
    Role: {
      Statement: [
        { Resource: 'arn:aws:kms:eu-west-1:111122223333:key/Key' },
        { Resource: 'arn:aws:rds:eu-west-1:111122223333:db:*' },
      ],
    },
  });
});
