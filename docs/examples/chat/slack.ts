import { forwarder, type Post } from './announcement.ts';

const marks = { OK: ':large_green_circle:', ACT: ':large_yellow_circle:', PAGE: ':red_circle: <!here>' };

/** Slack reads these three as its own marks (Slack, "Formatting text for app surfaces"). */
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A section takes 3,000 characters (Slack, "Block Kit: section"). */
const section = (text: string) => ({
  type: 'section',
  text: { type: 'mrkdwn', text: text.length > 2_900 ? `${text.slice(0, 2_897)}...` : text },
});

/** The body of an incoming webhook of Slack. A command is a block of its own, which a click copies whole. */
export function formatForSlack({ subject, severity, lines, commands, links }: Post): object {
  return {
    text: escapeText(subject),
    blocks: [
      section(`${marks[severity]} *${escapeText(subject)}*`),
      ...(lines.length > 0 ? [section(escapeText(lines.join('\n')))] : []),
      ...commands
        .slice(0, 20)
        .map((command) => section(`\`\`\`${escapeText(command).replaceAll('`', "'")}\`\`\``)),
      ...(links.length > 0 ? [section(links.map(({ title, url }) => `<${url}|${title}>`).join('  '))] : []),
    ],
  };
}

export const handler = forwarder(formatForSlack);
