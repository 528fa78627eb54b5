import { type Cancellation, Cancelled } from './cancellation.ts';
import type { MapState } from './definition.ts';
import { StateError } from './errors.ts';
import { runInner } from './inner.ts';
import type { Json } from './json.ts';
import { Lane } from './running-lane.ts';
import type { Step, Visit } from './visit.ts';

/** Iterations of an inline Map that run at once when MaxConcurrency sets no lower limit. */
const inlineConcurrency = 40;

const isList = (value: Json): value is Json[] => Array.isArray(value);
const isLimit = (value: Json): value is number => Number.isInteger(value) && (value as number) >= 0;

/** Map, inline: runs the processor for each item; the result is the list of outputs, in the order of the items. */
export async function mapItems(visit: Visit<MapState>): Promise<Step> {
  const { state } = visit;
  const wanted = await visit.evaluateAs(
    state.MaxConcurrency ?? 0,
    'MaxConcurrency',
    isLimit,
    'a whole number from 0',
  );
  const lanes = visit.lane.inner ?? (await begin(visit));
  const limit = Math.min(wanted === 0 ? inlineConcurrency : wanted, inlineConcurrency);
  const started = visit.lane.lastEvent;
  try {
    const result = await runInner(visit, lanes, limit, (lane, cancellation) =>
      iterate(visit, lane, started, cancellation),
    );
    visit.record('MapStateSucceeded');
    return await visit.step(state, state.Next, result, { result });
  } catch (error) {
    if (error instanceof StateError && lanes.some((lane) => lane.result === undefined))
      visit.record('MapStateFailed');
    throw error;
  }
}

async function begin(visit: Visit<MapState>): Promise<Lane[]> {
  const { state, lane } = visit;
  const items = await visit.evaluateAs(state.Items ?? visit.input, 'Items', isList, 'an array');
  visit.record('MapStateStarted', { mapStateStartedEventDetails: { length: items.length } });
  lane.inner = items.map(
    (value, index) => new Lane(state.ItemProcessor, value, 0, lane, { Index: index, Value: value }),
  );
  return lane.inner;
}

async function iterate(
  visit: Visit<MapState>,
  lane: Lane,
  started: number,
  cancellation: Cancellation,
): Promise<void> {
  const { history } = visit.run;
  const details = { name: visit.name, index: visit.lane.inner?.indexOf(lane) };
  if (lane.lastEvent === 0) {
    cancellation.check();
    await select(visit, lane);
    lane.lastEvent = history.add('MapIterationStarted', started, {
      mapIterationStartedEventDetails: details,
    });
  }
  try {
    await visit.run.follow(lane, cancellation);
    lane.lastEvent = history.add('MapIterationSucceeded', lane.lastEvent, {
      mapIterationSucceededEventDetails: details,
    });
  } catch (error) {
    if (history.open) {
      lane.lastEvent =
        error instanceof Cancelled
          ? history.add('MapIterationAborted', lane.lastEvent, { mapIterationAbortedEventDetails: details })
          : history.add('MapIterationFailed', lane.lastEvent, { mapIterationFailedEventDetails: details });
    }
    throw error;
  }
}

/** The input of an iteration: the item, or what ItemSelector makes of it. */
async function select(visit: Visit<MapState>, lane: Lane): Promise<void> {
  const { ItemSelector } = visit.state;
  if (ItemSelector !== undefined)
    lane.input = await visit.evaluate(ItemSelector, 'ItemSelector', {}, lane.item);
  visit.limit(lane.input, 'input of an iteration');
}
