import type { ScriptFile } from './script-file.ts';

/** Called now and then with the bytes that were read so far, and the whole; the whole is 0 where nobody knows it. */
export type OnProgress = (bytes: number, size: number) => void;

/** What a load came to. */
export interface DumpReport {
  statements: number;
  /** Tables that came from the file, in every database of it. */
  tables: number;
  rows: number;
  /** What was left out or changed, and why, with line numbers. */
  warnings: string[];
}

/** Bytes between two calls. */
const progressBytes = 1 << 20;

/** Tells how far a file was read, once a mebibyte however often it is asked. */
export function tellsProgress(onProgress: OnProgress = () => {}): (file: ScriptFile) => void {
  let toldAt = 0;
  return (file) => {
    const read = file.read();
    if (read - toldAt < progressBytes) return;
    toldAt = read;
    onProgress(read, file.size);
  };
}
