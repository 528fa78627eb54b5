/** In place of the package in our bundles, which knows the letters of all languages: another name is quoted, which is right for each. */
module.exports = (name) => /^[A-Za-z_$][\w$]*$/.test(name);
