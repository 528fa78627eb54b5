import { readExecutionArn } from '../model/execution-arn.ts';

/** Where more is to be read of a message. */
export interface Links {
  /** The execution in the console of AWS; absent where the text is no ARN of one. */
  run?: string;
  /** Headings of the runbook, the most important first. */
  runbook: string[];
}

/** The anchor that a heading of a Markdown page has. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

/**
 * @param runbook where the people of this stack read it: a parameter of the stack
 * @param headings some of its headings
 */
export function linksTo(executionArn: string, runbook: string, ...headings: string[]): Links {
  const run = linkToExecution(executionArn);
  return { ...(run && { run }), runbook: headings.map((heading) => `${runbook}#${anchor(heading)}`) };
}

/** Hosts of the console, by the partition of an ARN (AWS General Reference, "AWS Management Console"). */
const consoles: Record<string, string> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

function linkToExecution(executionArn: string): string | undefined {
  const { region } = readExecutionArn(executionArn) ?? {};
  const host = consoles[executionArn.split(':')[1] ?? ''];
  if (!region || !host) return undefined;
  return `https://${region}.${host}/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

/** The last lines of a message: the execution, and where to read more. */
export function writeLinks(executionArn: string, { run, runbook }: Links): string[] {
  return [
    `Run      ${executionArn}`,
    ...(run ? [`Look     ${run}`] : []),
    ...runbook.map((link) => `Runbook  ${link}`),
  ];
}
