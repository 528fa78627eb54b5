import { post } from '../chat/announcement.ts';
import { formatForSlack } from '../chat/slack.ts';
import { formatForTeams } from '../chat/teams.ts';
import { type HookEvent, hook, type Stage, type Stages } from './hook.ts';

const texts: Record<Stage, string> = {
  changeGreen: 'green is there and is being changed',
  testGreen: 'green is being tested',
  stopWrites: 'writes stop: the switchover begins',
  resumeWrites: 'writes go on',
  verifyProduction: 'production is being verified',
  handOver: 'consumers of changes are led to production',
};

/** Posts that a stage has come. A chat that does not take a message must not stop a cut: the answer says so, and passes. */
async function tell({ stage, database, endpoint }: HookEvent): Promise<{ because: string }> {
  const format = process.env.CHAT === 'teams' ? formatForTeams : formatForSlack;
  const lines = [`at ${endpoint}`];
  const message = {
    subject: `${database}: ${texts[stage]}`,
    severity: 'OK' as const,
    lines,
    commands: [],
    links: [],
  };
  return post(format(message)).then(
    () => ({ because: 'the message was posted' }),
    (error: Error) => ({ because: `the message was not posted: ${error.message}` }),
  );
}

export const stages: Stages = {
  changeGreen: tell,
  testGreen: tell,
  stopWrites: tell,
  resumeWrites: tell,
  verifyProduction: tell,
  handOver: tell,
};

export const handler = hook(stages);
