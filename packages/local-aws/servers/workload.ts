/** Accounts that the writers of a workload update, whatever the family. */
export const ACCOUNTS = 500;
