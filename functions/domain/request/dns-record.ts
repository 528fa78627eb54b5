import { z } from 'zod';

/** Labels of letters, digits, dash and underscore, two at least. */
export const recordName = z
  .string()
  .max(255)
  .regex(
    /^(?:[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)+[a-zA-Z0-9-]{2,63}\.?$/,
    'give the whole name of the record, for example orders-db.example.com',
  );

export const hostedZoneId = z
  .string()
  .regex(/^Z[A-Z0-9]{1,31}$/, 'give the id of a hosted zone, for example Z0123456789ABCDEFGHIJ');
