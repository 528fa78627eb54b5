/** What `serverless.yml` reads with `${file()}`, which takes CommonJS only. The stack itself is `stack.ts`. */
const { describeStack } = require('./stack.ts');

module.exports = async ({ resolveConfigurationProperty }) =>
  describeStack(await resolveConfigurationProperty(['custom', 'params']));
