/** A dump that cannot be loaded. The message begins with the file, and the line where there is one. */
export class DumpError extends Error {}
