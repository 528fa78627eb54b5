import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, type Look, looked, type Scan } from '../finding.ts';
import { inFolder } from '../seeded.ts';
import { pinnedVersion, runPython } from '../tools/tools.ts';

interface Linted {
  Rule: { Id: string };
  Message: string;
  Location: { Path: string[] | null; Start: { LineNumber: number } };
}

interface Checked {
  check_id: string;
  check_name: string;
  resource: string;
  file_line_range: [number, number];
}

/** As the framework uploads it, and CloudFormation measures it: the file on disk has line breaks. */
const lint = (template: string): Promise<Look> =>
  inFolder((folder) => {
    const file = join(folder, 'uploaded.json');
    writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(template, 'utf8'))));
    return lintUploaded(file);
  });

/** Errors only: the framework writes dependencies that are redundant (W3005). */
async function lintUploaded(template: string): Promise<Look> {
  const { stdout, stderr } = await runPython('cfn-lint', [
    ...['--format', 'json', '--ignore-checks', 'W'],
    ...['--template', template],
  ]);
  if (!stdout.trim().startsWith('[')) throw new Error(`cfn-lint failed: ${stderr}`);
  return looked(
    (JSON.parse(stdout) as Linted[]).map(({ Rule, Message, Location }) => ({
      rule: Rule.Id,
      where: Location.Path?.slice(0, 2).join('.') ?? 'template',
      line: Location.Start.LineNumber,
      text: Message,
    })),
  );
}

async function check(template: string): Promise<Look> {
  const args = ['-f', template, '--framework', 'cloudformation', '-o', 'json', '--compact', '--quiet'];
  // By itself it would ask a service of its vendor for the texts of guidelines.
  const { stdout, stderr } = await runPython('checkov', [...args, '--skip-download']);
  const start = stdout.indexOf('{');
  if (start < 0) throw new Error(`checkov failed: ${stderr}`);
  const { results } = JSON.parse(stdout.slice(start)) as { results?: { failed_checks: Checked[] } };
  return looked((results?.failed_checks ?? []).map(findingOf));
}

const findingOf = ({ check_id, check_name, resource, file_line_range }: Checked): Finding => ({
  rule: check_id,
  where: resource,
  line: file_line_range[0],
  text: check_name,
});

/** A bucket that anybody may read, and a property that no resource has. */
const seeded = {
  Resources: {
    Seeded: { Type: 'AWS::S3::Bucket', Properties: { AccessControl: 'PublicRead', Misspelt: true } },
  },
};

const onSeeded = (look: (template: string) => Promise<Look>): Promise<Look> =>
  inFolder((folder) => {
    const file = join(folder, 'template.json');
    writeFileSync(file, JSON.stringify(seeded, null, 2));
    return look(file);
  });

/** @param template file of the packaged template */
export const cloudFormation = (template: string): Scan => ({
  name: 'cloudformation',
  kind: 'IaC',
  tool: `cfn-lint ${pinnedVersion('cfn-lint')}`,
  look: () => lint(template),
  lookAtSeeded: () => onSeeded(lint),
});

/** @param template file of the packaged template */
export const infrastructure = (template: string): Scan => ({
  name: 'infrastructure',
  kind: 'IaC',
  tool: `checkov ${pinnedVersion('checkov')}`,
  look: () => check(template),
  lookAtSeeded: () => onSeeded(check),
});
