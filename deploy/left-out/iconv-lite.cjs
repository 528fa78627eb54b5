/**
 * In place of the package in our bundles: every session of ours speaks UTF-8, which Node knows by itself. Only before it begins does a server send words in a
 * character set of its own, such as "utf8mb3": names of plugins and of errors, whose letters are those of ASCII.
 */
const asUtf8 = {
  getDecoder: () => ({ write: (bytes) => bytes.toString('utf8'), end: () => undefined }),
  getEncoder: () => ({ write: (text) => Buffer.from(text, 'utf8'), end: () => undefined }),
  encodingExists: () => true,
};

module.exports = asUtf8;
