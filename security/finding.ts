/** A defect that a tool has found. */
export interface Finding {
  /** Rule of the tool, for example `sonarjs/os-command` or `CKV_AWS_7`. */
  rule: string;
  /** File below the scanned folder, resource of the template, role, route or package. */
  where: string;
  /** First line of the defect, from 1 on; 1 where the tool knows none. */
  line: number;
  /** What the tool says, without the secret or the input that it has found. */
  text: string;
}

/** What one look of a tool came to. */
export type Look =
  | { kind: 'looked'; findings: Finding[] }
  /** The tool works, but its source could not be reached: nothing is known. */
  | { kind: 'unanswered'; because: string };

/** One kind of scan. */
export interface Scan {
  /** Name of the report's file, and of the scan on the command line. */
  name: string;
  kind: 'SAST' | 'DAST' | 'SCA' | 'secrets' | 'IaC' | 'IAM' | 'licences';
  /** The tool and its version. */
  tool: string;
  /** Looks at the product. */
  look(): Promise<Look>;
  /** Looks at a defect that was planted: a tool that finds nothing there is blind, and its silence proves nothing. */
  lookAtSeeded(): Promise<Look>;
}

export const looked = (findings: Finding[]): Look => ({ kind: 'looked', findings });
