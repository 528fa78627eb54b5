/** Says in one sentence what is missing, before Node reads the first file of TypeScript: a stack trace would not. Run or preloaded; CommonJS, for every Node. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const readsTypeScript = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
const systems = ['linux', 'darwin'];

const problem = !readsTypeScript
  ? `Viridian needs Node 22.18 or newer, and this is Node ${process.versions.node}: install Node 24, or on Linux x64 run "npm ci", which brings it.`
  : process.argv.includes('--servers') && !systems.includes(process.platform)
    ? `The rehearsal has PostgreSQL servers for Linux and macOS, and this is ${process.platform}: run it there, in a container or in WSL.`
    : undefined;

if (problem) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
