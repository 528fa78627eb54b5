import { expect, it } from 'vitest';
import { isRead, read, unreadable } from '../../../functions/domain/model/reading.ts';

it('a value that was read may be nothing, which is not the same as unreadable', () => {
  expect(isRead(read(null))).toBe(true);
  expect(read(null)).toEqual({ value: null });
});

it('what could not be read says why, and has no value', () => {
  expect(isRead(unreadable('AccessDenied'))).toBe(false);
  expect(unreadable('AccessDenied')).toEqual({ unreadable: 'AccessDenied' });
});
