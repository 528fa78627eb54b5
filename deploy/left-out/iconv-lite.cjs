/** In place of the package in our bundles: every session of ours speaks UTF-8, which Node knows by itself. */
function refuse(encoding) {
  throw new TypeError(`the character set ${encoding} is not in this bundle: sessions speak utf8mb4`);
}

module.exports = { getDecoder: refuse, getEncoder: refuse, encodingExists: () => false };
