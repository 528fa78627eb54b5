import { tagValuePattern } from '../model/tags.ts';
import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** The ARN of the run becomes the value of tags, in which RDS takes fewer characters than Step Functions in a name. */
export const executionName: Precondition = {
  id: 'execution-name',
  engines: 'all',
  looksAt: 'Whether RDS takes the ARN of this run as the value of a tag.',
  check: ({ executionArn }) => {
    if (tagValuePattern.test(executionArn)) return [];
    const name = executionArn.split(':').slice(7).join(':');
    const refused = [...new Set([...name].filter((character) => !tagValuePattern.test(character)))];
    return [
      blocker(
        `the name of this run, "${name}", holds ${refused.map((one) => `"${one}"`).join(', ') || 'too many characters'}, which RDS does not take in a tag. Start it under a name of letters, digits and _ . = + - @, or under none.`,
      ),
    ];
  },
};
