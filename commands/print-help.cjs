/** Answers -h, --help and --version of a maintenance command with the comment that its file begins with. Preloaded; CommonJS, for every Node. */
require('./check-system.cjs');
const { readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const asks = (...flags) => flags.some((flag) => process.argv.includes(flag));

/** Lines of at most 80 columns. */
function wrap(text) {
  return text.replace(/(?![^\n]{1,80}$)([^\n]{1,80})\s/g, '$1\n');
}

/** The comment without its stars, as one text. */
function readHead(file) {
  const [, comment = ''] = /^\/\*\*([\s\S]*?)\*\//.exec(readFileSync(file, 'utf8')) || [];
  return comment.replace(/\n \* ?/g, ' ').trim();
}

if (asks('-h', '--help')) {
  process.stdout.write(`${wrap(readHead(resolve(process.argv[1])))}\n`);
  process.exit(0);
}
if (asks('--version')) {
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
  process.stdout.write(`viridian ${version}\n`);
  process.exit(0);
}
