import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Finding, type Look, looked, type Scan } from '../finding.ts';
import { inFolder } from '../seeded.ts';
import { pinnedVersion, runPython } from '../tools/tools.ts';
import { openQuestion } from './open-question.ts';

/** What must be true of every answer. An answer of 5xx is a defect even where the description names it. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];

/** Cases for each operation and phase: some tens of seconds in all. */
const cases = 300;

/** The local endpoint believes a signature and takes the key for the user's name. */
const signature =
  'AWS4-HMAC-SHA256 Credential=AKIASCANNER000000000/20260101/eu-west-1/execute-api/aws4_request, SignedHeaders=host, Signature=0';

interface Failed {
  name: string;
  message: string;
}

/** Sends what fits the description and what does not, and compares each answer with it. */
async function attack(url: string, description: object): Promise<Look> {
  return inFolder(async (folder) => {
    const file = join(folder, 'openapi.json');
    const report = join(folder, 'report.xml');
    writeFileSync(file, JSON.stringify(description));
    const { code, stdout, stderr } = await runPython(
      'schemathesis',
      [
        ...['run', file, '--url', url, '--checks', checks.join(','), '--max-examples', String(cases)],
        ...['--phases', 'examples,coverage,fuzzing', '--generation-deterministic', '--warnings', 'off'],
        ...['--header', `origin:${url}`, '--header', `authorization:${signature}`],
        ...['--continue-on-failure', '--no-color', '--report', 'junit', '--report-junit-path', report],
      ],
      { cwd: folder },
    );
    if (code > 1) throw new Error(`schemathesis failed: ${stderr}${stdout}`);
    return looked(failuresIn(readFileSync(report, 'utf8')).map(asFinding));
  });
}

const asFinding = ({ name, message }: Failed): Finding => ({
  rule: /^\s*(?:\d+\. )?[^\n]*\n*\s*- ([^\n]+)/.exec(message)?.[1] ?? 'failure',
  where: name,
  line: 1,
  text: message.replace(/\s+/g, ' ').slice(0, 1_000),
});

/** From a report as JUnit has it: the operations, and what failed in each. */
function failuresIn(xml: string): Failed[] {
  return [...xml.matchAll(/<testcase name="([^"]*)"[^>]*?>([\s\S]*?)<\/testcase>/g)].flatMap(
    ([, name, body]) =>
      [...(body ?? '').matchAll(/<(?:failure|error)[^>]*message="([^"]*)"/g)].map(([, message]) => ({
        name: name as string,
        message: decoded(message as string),
      })),
  );
}

const decoded = (text: string): string =>
  text
    .replace(/&#10;/g, '\n')
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/** The published description, for one link. */
function describeWith(root: string, code: string): object {
  const text = readFileSync(join(root, 'docs', 'openapi.json'), 'utf8');
  return JSON.parse(text.replace('{code of the link}', code)) as object;
}

/** Attacks the page with the link of an open question; whatever was sent, nothing may be decided. */
async function attackTheApproval(root: string): Promise<Look> {
  const question = await openQuestion();
  try {
    const { origin, search } = new URL(question.link);
    const look = await attack(origin, describeWith(root, search.slice(1)));
    if (look.kind !== 'looked' || question.isOpen()) return look;
    const decided = {
      rule: 'decided',
      where: 'POST /approval',
      line: 1,
      text: 'a request that was made up decided',
    };
    return looked([...look.findings, decided]);
  } finally {
    await question.close();
  }
}

/** A server that fails on what it did not expect. */
async function attackSeeded(root: string): Promise<Look> {
  const server = createServer((request, response) => {
    response.statusCode = request.method === 'POST' ? 500 : 200;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await attack(`http://127.0.0.1:${port}`, describeWith(root, 'seeded'));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export const dast = (root: string): Scan => ({
  name: 'http-api',
  kind: 'DAST',
  tool: `schemathesis ${pinnedVersion('schemathesis')}`,
  look: () => attackTheApproval(root),
  lookAtSeeded: () => attackSeeded(root),
});
