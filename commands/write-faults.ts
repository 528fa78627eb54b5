/** Writes docs/faults.md from the table of faults: `npm run faults`. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Fault, faults } from './faults.ts';

const head = `# Faults

What can go wrong, what the workflow does then, what people read, and the test that shows it.
The numbers are those of the catalogue that the project began with.
Written by \`npm run faults\` from [commands/faults.ts](../commands/faults.ts); a test refuses a number without a test that is there.
`;

/** The page as it stands in docs/. */
export function describeFaults(): string {
  return `${head}${faults.map(describe).join('')}`;
}

function describe({ number, name, behaviour, message, test: [file, title] }: Fault): string {
  return `
## ${number}: ${name}

- Behaviour: ${behaviour}
- Message: ${message ? `"${message} …"` : 'none of its own'}
- Test: ${title.trim().replaceAll(/\$\{\w+\}/g, '…')}
  (\`${file}\`)
`;
}

if (import.meta.main)
  writeFileSync(resolve(import.meta.dirname, '..', 'docs', 'faults.md'), describeFaults());
