import type { ChoiceState } from './definition.ts';
import type { Json } from './json.ts';
import type { Step, Visit } from './visit.ts';

const isBoolean = (value: Json): value is boolean => typeof value === 'boolean';

/** Choice: the first rule whose Condition is true; the state's own Output and Assign belong to Default. */
export async function choose(visit: Visit<ChoiceState>): Promise<Step> {
  const { state } = visit;
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices[${index}]/`;
    const holds = await visit.evaluateAs(rule.Condition, `${field}Condition`, isBoolean, 'true or false');
    if (holds) return visit.step(rule, rule.Next, visit.input, {}, field);
  }
  if (state.Default === undefined)
    throw visit.error('States.NoChoiceMatched', 'No rule matched and there is no Default.');
  return visit.step(state, state.Default, visit.input);
}
