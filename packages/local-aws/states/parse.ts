import { AwsError } from '../wire/service.ts';
import type { Machine } from './definition.ts';
import { quotas } from './quotas.ts';
import { findFaults } from './validation.ts';

const placeholder = /\$\{([A-Za-z0-9_.:-]+)\}/g;

/** Texts that were filled in, by the text and then by the values: simulations register the same machines in each run. */
const filled = new Map<string, Map<string, string>>();

/**
 * Puts values for `${name}` into the text of a definition, as CloudFormation does at deployment. A name without a
 * value is an error here: CloudFormation would leave it as it stands. Values may contain quotes.
 */
export function substitute(text: string, values: Record<string, string>): string {
  const ofText = filled.get(text) ?? new Map<string, string>();
  filled.set(text, ofText);
  const key = JSON.stringify(values);
  const known = ofText.get(key) ?? fillIn(text, values);
  ofText.set(key, known);
  return known;
}

function fillIn(text: string, values: Record<string, string>): string {
  return text.replace(placeholder, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw invalid([`There is no substitution for '\${${name}}'`]);
    return JSON.stringify(value).slice(1, -1);
  });
}

/** Definitions are checked once, however often they are registered: simulations register the same one in each run. */
const checked = new Map<string, Machine>();

/** Reads and checks a definition. Throws InvalidDefinition, with every fault that was found. */
export function parseDefinition(text: string): Machine {
  const known = checked.get(text);
  if (known !== undefined) return known;
  if (Buffer.byteLength(text) > quotas.definitionBytes) throw invalid(['The definition is larger than 1 MB']);
  let machine: unknown;
  try {
    machine = JSON.parse(text);
  } catch (error) {
    throw invalid([`INVALID_JSON_DESCRIPTION: ${(error as Error).message}`]);
  }
  const faults = findFaults(machine);
  if (faults.length > 0) throw invalid(faults);
  checked.set(text, machine as Machine);
  return machine as Machine;
}

function invalid(faults: string[]): AwsError {
  return new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${faults.join('; ')}'`);
}
