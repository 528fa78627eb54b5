/** What a program that wants to get through a form would type: what it sees, and what testers type. */

const common = [
  'test',
  'Test',
  'test123',
  'admin',
  'password',
  'example',
  'example.com',
  'user@example.com',
  'John Doe',
  'yes',
  'confirm',
  'CONFIRM',
  'approve',
  'delete',
  'production',
  'prod',
  'database',
  'db',
  'mydb',
  'my-database',
  'test-db',
  'postgres',
  'mysql',
  'orders',
  '1',
  '0',
  '12345',
  '*',
  '%',
  "' or 1=1 --",
  'null',
  'undefined',
  'true',
  'lorem ipsum',
];

/** The text of a page as a person sees it, with the values of its fields. */
export function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body'));
  const values = [...body.matchAll(/(?:value|name|id|placeholder)="([^"]*)"/g)].map(([, value]) => value);
  const text = body.replace(/<[^>]+>/g, ' ').replace(/&(?:amp|lt|gt|quot|#39);/g, ' ');
  return `${text} ${values.join(' ')}`.replace(/\s+/g, ' ');
}

/** Every word of a text, every phrase of up to `longest` words, and common test values. */
export function guesses(text: string, longest: number): string[] {
  const words = text.split(' ').filter(Boolean);
  const found = new Set(common);
  for (const [start] of words.entries())
    for (let length = 1; length <= longest; length += 1) {
      const phrase = words.slice(start, start + length).join(' ');
      found.add(phrase);
      found.add(phrase.replace(/^[^\w]+|[^\w]+$/g, ''));
    }
  return [...found];
}
