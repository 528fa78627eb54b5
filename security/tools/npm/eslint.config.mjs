/**
 * The rules of SonarJS that look for vulnerabilities, with types, over everything that is deployed. Style and bugs are Biome's and the
 * compiler's. The folder that is scanned is the one in which ESLint is started.
 */
import sonarjs from 'eslint-plugin-sonarjs';
import { parser } from 'typescript-eslint';

const rules = [
  'code-eval',
  'confidential-information-logging',
  'content-length',
  'content-security-policy',
  'cookie-no-httponly',
  'cors',
  'csrf',
  'disabled-auto-escaping',
  'disabled-resource-integrity',
  'dynamically-constructed-templates',
  'encryption-secure-mode',
  'file-permissions',
  'file-uploads',
  'frame-ancestors',
  'hardcoded-secret-signatures',
  'hashing',
  'hidden-files',
  'insecure-cookie',
  'insecure-jwt-token',
  'link-with-target-blank',
  'no-clear-text-protocols',
  'no-hardcoded-ip',
  'no-hardcoded-passwords',
  'no-hardcoded-secrets',
  'no-intrusive-permissions',
  'no-ip-forward',
  'no-mime-sniff',
  'no-mixed-content',
  'no-os-command-from-path',
  'no-referrer-policy',
  'no-unsafe-unzip',
  'no-weak-cipher',
  'no-weak-keys',
  'os-command',
  'post-message',
  'production-debug',
  'pseudo-random',
  'publicly-writable-directories',
  'session-regeneration',
  'slow-regex',
  'sql-queries',
  'strict-transport-security',
  'super-linear-regex',
  'unverified-certificate',
  'unverified-hostname',
  'weak-ssl',
  'x-powered-by',
  'xml-parser-xxe',
];

export default [
  { linterOptions: { reportUnusedDisableDirectives: 'off' } },
  {
    files: ['**/*.ts'],
    languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: process.cwd() } },
    plugins: { sonarjs },
    rules: Object.fromEntries(rules.map((rule) => [`sonarjs/${rule}`, 'error'])),
  },
];
