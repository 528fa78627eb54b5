import { namesTold } from '../domain/model/first-names.ts';
import type { Writer } from '../domain/way-back/facts.ts';

/** A dozen for an answer, those that write before those that only could: a server may have thousands of sessions. */
export function mostWriting(writers: Writer[]): Writer[] {
  const isWriting = ({ writing, prepared }: Writer) => writing || prepared !== undefined;
  return writers.toSorted((a, b) => Number(isWriting(b)) - Number(isWriting(a))).slice(0, namesTold);
}
