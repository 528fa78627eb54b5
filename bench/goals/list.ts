import type { Measure } from './goal.ts';

/** In the order of the table. What needs no quiet machine comes first, what drives real servers last. */
export const measures: Record<string, Measure> = {
  hold: {
    command: 'bench:hold',
    withinMinutes: 1,
    rows: async () => (await import('./hold.ts')).holdRows(),
  },
  waiting: {
    command: 'bench:waiting',
    withinMinutes: 2,
    rows: async () => (await import('./waiting.ts')).waitingRows(),
  },
  fleet: {
    command: 'bench:fleet',
    withinMinutes: 2,
    rows: async () => (await import('./fleet.ts')).fleetRows(),
  },
  simulation: {
    command: 'simulate',
    withinMinutes: 1,
    rows: async () => (await import('./simulation.ts')).simulationRows(),
  },
  bundles: {
    command: 'bench:bundles',
    withinMinutes: 2,
    rows: async () => (await import('./bundles.ts')).bundleRows(),
  },
  size: {
    command: 'bench:size',
    withinMinutes: 3,
    rows: async () => (await import('./size.ts')).sizeRows(),
  },
  windows: {
    command: 'bench:cut',
    withinMinutes: 2,
    rows: async () => (await import('./windows.ts')).windowRows(),
  },
  rehearsal: {
    command: 'start',
    withinMinutes: 2,
    rows: async () => (await import('./rehearsal.ts')).rehearsalRows(),
  },
};
