/** In place of the driver's table of names in our bundles: an error says its number. */
module.exports = {};
