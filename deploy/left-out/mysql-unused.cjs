/** In place of parts of the driver in our bundles that no session of ours comes to: it is one connection, and statements are sent as texts. */
module.exports = class {
  constructor() {
    throw new TypeError('this part of the driver of MySQL is not in this bundle');
  }
};
