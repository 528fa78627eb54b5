/** This machine cannot run the servers. The message names the cause and the cure, so nobody needs a stack. */
export class CannotStart extends Error {}
