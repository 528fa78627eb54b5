import { expect, it } from 'vitest';
import { cannotHeal } from '../../../functions/domain/way-back/cannot-heal.ts';

it.each([
  ['PostgreSQL refuses the sign-in', '28P01'],
  ['PostgreSQL lacks a right', '42501'],
  ['PostgreSQL has no such database', '3D000'],
  ['what the setup file makes is missing', '42883'],
  ['MySQL refuses the sign-in', '1045'],
  ['MySQL lacks a right', '1142'],
  ['MySQL lacks a right of the whole server', '1227'],
  ['a table of the setup file is missing in MySQL', '1146'],
  ['a procedure of RDS may not be called', '1370'],
  ['our account of MySQL is locked', '3118'],
  ['our account of MariaDB is locked', '4151'],
  ['the certificate is of another name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['the server offers no TLS', 'HANDSHAKE_NO_SSL_SUPPORT'],
  ['PostgreSQL does not know the user', '28000'],
  ['the schema of the setup file is missing in PostgreSQL', '3F000'],
  ['a table of the setup file is missing in PostgreSQL', '42P01'],
  ['the user of MySQL may not use the database', '1044'],
  ['MySQL has no such database', '1049'],
  ['the user of MySQL may not end the session', '1095'],
  ['a procedure of the setup file is missing in MySQL', '1305'],
  ['an account of the setup file is missing in MySQL', '1396'],
  ['the plugin of the account is not loaded in MySQL', '1524'],
  ['the plugin of the account is not known to the client of MySQL', '2059'],
  ['the certificate has run out', 'CERT_HAS_EXPIRED'],
  ['the certificate was signed by itself', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['a certificate of the chain was signed by itself', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ['the issuer of the certificate is not known', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ['the certificate cannot be verified', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['the function may not be invoked', 'AccessDeniedException'],
  ['the function is gone', 'ResourceNotFoundException'],
  ['the runtime of the function is not valid', 'InvalidRuntimeException'],
  ['the security group of the function is gone', 'InvalidSecurityGroupIDException'],
  ['the subnet of the function is gone', 'InvalidSubnetIDException'],
  ['the key of the function may not be used', 'KMSAccessDeniedException'],
  ['the key of the function is disabled', 'KMSDisabledException'],
  ['the key of the function is gone', 'KMSNotFoundException'],
])('gives up at once when %s (%s)', (_what, code) => {
  expect(cannotHeal(code)).toBe(true);
});

it.each([
  ['nobody listens yet', 'ECONNREFUSED'],
  ['the name does not lead anywhere yet', 'ENOTFOUND'],
  ['PostgreSQL starts', '57P03'],
  ['PostgreSQL has no connection left', '53300'],
  ['the statement ran out of its time', '57014'],
  ['MySQL has no connection left', '1040'],
  ['a lock was not free in MySQL', '1205'],
  ['MySQL is read-only until RDS opens it', '1290'],
  ['the function is throttled', 'TooManyRequestsException'],
  ['no answer came in time', 'TimeoutError'],
])('asks again when %s (%s)', (_what, code) => {
  expect(cannotHeal(code)).toBe(false);
});
