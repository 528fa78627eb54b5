/** In place of the package in our bundles: certificates of RDS come from the file that Lambda has (`RDS_CA_FILE`). */
module.exports = { ca: [] };
