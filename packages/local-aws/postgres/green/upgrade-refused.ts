/** The upgrade of green is impossible for what blue holds; the message says what, as RDS would write it into its log. */
export class UpgradeRefused extends Error {}

/** What a person does about an upgrade that was refused. */
export const wayOn = 'Change or drop on blue what it names, and build green again';
