import { forwarder, type Post } from './announcement.ts';

const colours = { OK: 'Good', ACT: 'Warning', PAGE: 'Attention' };

/** Marks of Markdown lose their meaning (Adaptive Cards, "Text features"): a text is shown as it was written. */
const plain = (text: string): string => text.replace(/[\\`*_[\]#]/g, '\\$&');

const block = (text: string, more: object = {}) => ({ type: 'TextBlock', text, wrap: true, ...more });

/** The body of a webhook of Teams Workflows: an Adaptive Card. */
export function formatForTeams({ subject, severity, lines, commands, links }: Post): object {
  const content = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    body: [
      block(plain(subject), { weight: 'Bolder', color: colours[severity] }),
      ...lines.map((line) => block(plain(line))),
      ...commands.map((command) => block(plain(command), { fontType: 'Monospace', size: 'Small' })),
    ],
    actions: links.map(({ title, url }) => ({ type: 'Action.OpenUrl', title, url })),
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}

export const handler = forwarder(formatForTeams);
