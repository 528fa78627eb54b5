/** Where the account is, as in every ARN. */
export const place = { accountId: '111122223333', region: 'eu-west-1' } as const;

/** Stands before the names of functions and state machines, as the stage does where they are deployed. */
export const prefix = 'viridian-rehearsal';

/** Name of the bucket of records. */
export const evidenceBucket = `${prefix}-evidence`;

/** The bucket of the file of statements that a load test may run, and the file as the stack names it. */
export const loadBucket = `${prefix}-load`;
export const loadFile = `${loadBucket}/load.sql`;

/** Security group of copies, which admits the functions alone. */
export const copySecurityGroup = 'sg-0c0b1e5c0b1e5c0b1';

const keyArn = (name: string) => `arn:aws:kms:${place.region}:${place.accountId}:key/${name}`;

/** Keys of the account for histories and for messages: nothing is encrypted here, but who may use them is asked. */
export const encryptionKeys = { machineKey: keyArn('machine'), topicKey: keyArn('messages') };

/** Functions sign with the keys of their roles, and what is called outside of every function with this one; people and tests have their own. */
export const nobodysKey = 'ASIAREHEARSAL0000000';

/** Deployed, machines and functions call each other by version. */
export const versionOf = (name: string) => `${name}:1`;

/** Where the page of an approval is served. */
export const pageUrl = (origin: string) => `${origin}/approval`;
